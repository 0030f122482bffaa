"""Writes packages/benchmarks/src/coco-caption/__fixtures__/*.json with the official COCO caption program.

Needs Java and `pip install pycocoevalcap==1.2` (its wheel holds stanford-corenlp-3.4.1.jar). All sentences
are made up here.

    python tools/reference/caption_metrics_fixture.py
"""

import json
import random
import subprocess
import tempfile
from pathlib import Path

import pycocoevalcap.tokenizer.ptbtokenizer as official
from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.rouge.rouge import Rouge

FIXTURES = Path(__file__).parents[2] / 'packages/benchmarks/src/coco-caption/__fixtures__'
JAR = Path(official.__file__).parent / official.STANFORD_CORENLP_3_4_1_JAR

SENTENCES = '''A man can't reach the shelf, and won't ask for help.
She'd say they've seen it; I'm sure we're late, he'll wait.
'Tis the season, 'twas cold. You're gonna wanna see this, gimme a hand.
It cannot be theirs. The two boys' bikes and the men's coats, James's hat.
rock 'n' roll, o'clock, hors d'oeuvres, jack-o'-lanterns and y'all
Ho'oponopono by the Hawai'i coast, ma'am
A sign that says "STOP" next to a 'no parking' sign.
It reads ''closed'' or ``open``, "don't walk".
\u201cSmart\u201d quotes, \u2018single\u2019 ones, it\u2019s and don\u2019t, \u2019em and the \u201970s
Two dogs (both brown) [one small] {one big} lie on the rug.
Tickets cost $5.50, \u00a33, \u20ac10, 75\u00a2 or US$20 and A$4.
1,000 people at 5:30pm on 11.01.2009, 3/4 full, 2 1/2 cups, 50% off, 1950s cars.
A 12th-century church, 4-way stop, 25-year-old man, -5 degrees, +3
Mr. and Mrs. Smith of St. Paul live on 5th Ave. near Dr. Jones.
Made in the U.S. by hand. Flown to the U.S. The plane is big.
A T.V. and a D.V.D. player at 5 p.m. They watch it.
Vitamin C. The letter J. A sign with a J. Smith on it.
No. 5 is ahead of no. 12, etc. See fig. 3 vs. fig. 4.
Apples, pears, etc., and Acme Inc. The end of Feb.
A cat and/or a dog in a tub/shower, black/white/red stripes, either/ or
Salt & pepper, AT&T, R&B music, bread &amp; butter, 5 &lt; 6
wait... what.. no.... a pause \u2026 and . . . dots.....
a - b -- c --- d \u2013 e \u2014 f, well-known half-eaten- -left
Visit www.example.com or http://example.org/a/b.html, write to me@example.com.
A happy face :) and a sad one :( with ;-) and :D or :P
#hashtag by @someone, #41 on the jersey, C# and c++
caf\u00e9 cr\u00e8me br\u00fbl\u00e9e, na\u00efve \u00c5se, \u65e5\u672c\u8a9e
A 5'10" man and a 6" ruler, 10' pole, 45\u00b0 angle, \u00bd cup
Really?! Yes! What?? No!!! a!b
Left;right:middle,near.Far end.a third
A bench on the street.A man sits.
under_score snake_case _edge_ *star* a*b a+b a=b a|b ~c ^d
<b>bold</b> 5<6 a>b <br/>
-LRB- x -RRB- two words\u00a0joined soft\u00adhyphen zero\u200bwidth
555-1234 and (555) 555-1234 or 12 345 6789
oven., lamp.: rug.; chair.!
A's B's 1980's '50s '05 10's
   leading and   many   blanks   
.
...

?
"'"
THE WHOLE CAPTION IS IN CAPITALS, ISN'T IT? WE'RE SURE.
F/A-18 and P-51 planes, B-25s, mp3 players, t-shirts
a man , a plan , a canal .
smiling \U0001f600 face
Her brother-in-law's dog-friendly cafe's 4x4
(s)he's at the "Seminary Row", "Park Here"; "Bus Only".
5p.m. 10a.m. 8:25. 8.25. 3D 3-D
'''.split('\n')[:-1]

PIECES = [sentence for sentence in SENTENCES if len(sentence) > 3]


def joined(count, seed):
    """Lines of words taken from anywhere above: what follows a word matters to the tokeniser."""
    draw = random.Random(seed)
    words = [word for sentence in PIECES for word in sentence.split(' ') if word]
    return [' '.join(draw.choices(words, k=draw.randint(4, 9))) for _ in range(count)]


def tokenise(lines):
    with tempfile.NamedTemporaryFile('w', suffix='.txt', encoding='utf-8', newline='\n') as file:
        file.write('\n'.join(lines) + '\n')
        file.flush()
        command = ['java', '-Dfile.encoding=UTF-8', '-cp', str(JAR), 'edu.stanford.nlp.process.PTBTokenizer']
        command += ['-preserveLines', '-lowerCase', file.name]
        output = subprocess.run(command, capture_output=True, check=True).stdout.decode('utf-8').split('\n')
    assert len(output) == len(lines) + 1
    return [line.rstrip(' ') for line in output[:-1]]


def scores():
    draw = random.Random(7)
    subjects = ['a man', 'two dogs', 'the old cat', 'a young girl', 'people', 'a red bus', 'the train']
    verbs = ['is sitting on', 'stands near', 'runs across', 'looks at', 'is parked by', 'sleeps under']
    objects = ['a bench', 'the green field', 'a wooden table', 'the street', 'a tall tree', 'the water']
    tails = ['', ' in the rain', ' at night', ' with a ball', ' next to a small house']

    def sentence():
        return f'{draw.choice(subjects)} {draw.choice(verbs)} {draw.choice(objects)}{draw.choice(tails)}'

    references = {str(i): [sentence() for _ in range(draw.choice([1, 2, 5, 6]))] for i in range(40)}
    candidates = {i: [sentence() if draw.random() < 0.6 else refs[0]] for i, refs in references.items()}
    candidates['3'], candidates['4'], candidates['5'] = [''], ['man'], ['a a a a a man man man']
    references['6'], candidates['6'] = ['', 'a man'], ['']
    references['7'], candidates['7'] = ['2\u00a01/2 cups on a table'], ['2\u00a01/2 cups']
    sets = {'whole': list(references), 'one': ['0'], 'two': ['0', '1']}
    result = {'references': references, 'candidates': {i: c[0] for i, c in candidates.items()}, 'scores': {}}
    for name, ids in sets.items():
        gold, guess = {i: references[i] for i in ids}, {i: candidates[i] for i in ids}
        bleu, bleu_each = Bleu(4).compute_score(gold, guess, verbose=0)
        rouge, rouge_each = Rouge().compute_score(gold, guess)
        cider, cider_each = Cider().compute_score(gold, guess)
        keys = ['Bleu_1', 'Bleu_2', 'Bleu_3', 'Bleu_4', 'ROUGE_L', 'CIDEr']
        columns = [*bleu_each, list(rouge_each), list(cider_each)]
        result['scores'][name] = {
            'ids': ids,
            'corpus': dict(zip(keys, map(float, [*bleu, rouge, cider]))),
            'perPicture': [dict(zip(keys, map(float, row))) for row in zip(*columns)],
        }
    return result


def write(name, value):
    FIXTURES.mkdir(parents=True, exist_ok=True)
    (FIXTURES / name).write_text(json.dumps(value, ensure_ascii=False, indent=1) + '\n', encoding='utf-8')


lines = SENTENCES + joined(200, 3)
write('ptb-tokens.json', {'lines': lines, 'tokens': tokenise(lines)})
write('scores.json', scores())
