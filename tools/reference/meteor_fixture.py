"""Writes packages/benchmarks/src/coco-caption/meteor/__fixtures__/meteor.json with METEOR 1.5 itself.

Needs Java and METEOR's jar (`pip install pycocoevalcap==1.2` holds one). Word lists, paraphrases and sentences
are made up here, so that the fixture holds nothing of METEOR's own data.

    python tools/reference/meteor_fixture.py path/to/meteor-1.5.jar
"""

import gzip
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

FIXTURES = Path(__file__).parents[2] / 'packages/benchmarks/src/coco-caption/meteor/__fixtures__'
MODULES = ['exact', 'stem', 'synonym', 'paraphrase']

FUNCTION_WORDS = 'the a an of in on is are and with to that it'.split()
SYNSETS = {
    'dog': [1, 2], 'hound': [1], 'puppy': [3], 'car': [4], 'auto': [4], 'vehicle': [5], 'bus': [5, 6],
    'big': [7], 'large': [7, 8], 'huge': [8], 'run': [9], 'race': [9], 'sit': [10], 'rest': [10, 11],
    'foot': [12], 'paw': [12], 'ski': [13], 'skier': [14], 'city': [15], 'town': [15], 'box': [16],
    'glass': [17], 'mug': [17], 'ride': [18], 'man': [19], 'guy': [19], 'woman': [20], 'lady': [20],
}
EXCEPTIONS = {'foot': ['feet'], 'run': ['ran', 'running'], 'sit': ['sat'], 'man': ['men'], 'woman': ['women']}
PARAPHRASES = [
    ('next to', 'beside'), ('beside', 'near'), ('near', 'beside'), ('in front of', 'before'),
    ('a group of', 'several'), ('is sitting', 'sits'), ('sits', 'is sitting'), ('on top of', 'on'),
    ('is', 'are'), ('the street', 'a road'), ('road', 'street'), ('street', 'road'), ('a lot of', 'many'),
    ('many', 'a lot of'), ('man is', 'men are'), ('large', 'a big'), ('of people', 'men and women'),
]
WORDS = '''the the a a a an of in on is are and with to that it dog dogs hound puppy car cars auto autos vehicle
bus buses big bigger large larger huge run runs ran running race races sit sits sat sitting rest foot feet paws ski
skis skier city cities town box boxes glass glasses mug ride rides riding man men guy woman women lady next beside
near front before group several top street road lot many people sits'''.split()
RAW = [
    "A man's t-shirt, and he won't stop.", 'a man s t shirt and he wo nt stop', 'u.s. u.s.a. mr. smith st. john etc.',
    'us usa mr smith', 'He said "hello" (loud) [x].', 'he said hello loud', '1/2 1,000 3.5 $5 5% 10:30 3-d',
    "it's a dog -- isn't it ... no", 'its a dog isn t it no', '\u201csmart\u201d \u2018quotes\u2019 caf\u00e9 na\u00efve \u2013 dash',
    'a-b-c a--b .-b x.y. z. Dr. No. 5 no. five', "rock 'n' roll 'tis dogs' a'b'c 5's", '\u65e5\u672c cars \u00bd cup',
    '.', 'THE DOG RAN', 'the dog ran.',
]


def sentences():
    draw = random.Random(11)
    make = lambda longest: ' '.join(draw.choices(WORDS, k=draw.randint(1, longest)))
    few = ['a', 'the', 'dog', 'dogs', 'sits', 'is sitting']
    ties = lambda: ' '.join(draw.choices(few, k=draw.randint(1, 12)))
    rows = [(make(14), [make(14) for _ in range(draw.randint(1, 3))]) for _ in range(120)]
    rows += [(ties(), [ties() for _ in range(draw.randint(1, 2))]) for _ in range(80)]
    rows += [(draw.choice(RAW), [draw.choice(RAW) for _ in range(2)]) for _ in range(60)]
    rows += [(make(40), [make(40)]) for _ in range(10)]
    return rows + [(text, [text]) for text in RAW[:4]] + [('zebra', ['yak'])]


def scores(jar, folder, modules, rows):
    weights = ['1.0', '0.6', '0.8', '0.6'][: len(modules)]
    command = ['java', '-Xmx1G', '-Dfile.encoding=UTF-8', '-jar', jar, '-', '-', '-stdio', '-l', 'en', '-norm']
    command += ['-m', ' '.join(modules), '-w', ' '.join(weights), '-d', f'{folder}/synonyms']
    command += ['-s', f'{folder}/function.words', '-a', f'{folder}/paraphrase.gz']
    lines = [f'SCORE ||| {" ||| ".join(references)} ||| {hypothesis}' for hypothesis, references in rows]
    run = lambda text: subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    stats = run('\n'.join(lines) + '\n').stdout.decode().strip('\n').split('\n')
    assert len(stats) == len(rows), run('\n'.join(lines) + '\n').stderr.decode()
    output = run('EVAL ||| ' + ' ||| '.join(stats) + '\n').stdout.decode().split()
    assert len(output) == len(rows) + 1
    return {'sentences': [float(value) for value in output[:-1]], 'corpus': float(output[-1])}


def main(jar):
    rows = sentences()
    with tempfile.TemporaryDirectory() as folder:
        synonyms = Path(folder) / 'synonyms'
        synonyms.mkdir()
        pairs = lambda table: ''.join(f'{key}\n{" ".join(map(str, values))}\n' for key, values in table.items())
        (synonyms / 'english.synsets').write_text(pairs({word: [f'{s:08d}' for s in v] for word, v in SYNSETS.items()}))
        (synonyms / 'english.exceptions').write_text(pairs(EXCEPTIONS))
        (synonyms / 'english.relations').write_text('00000001\n00000002\n')
        (Path(folder) / 'function.words').write_text('\n'.join(FUNCTION_WORDS) + '\n')
        table = ''.join(f'0.5\n{left}\n{right}\n' for left, right in PARAPHRASES)
        (Path(folder) / 'paraphrase.gz').write_bytes(gzip.compress(table.encode()))
        result = {
            'functionWords': FUNCTION_WORDS, 'synsets': SYNSETS, 'exceptions': EXCEPTIONS,
            'paraphrases': PARAPHRASES, 'sentences': rows,
            'scores': {' '.join(MODULES[:n]): scores(jar, folder, MODULES[:n], rows) for n in range(1, 5)},
        }
    FIXTURES.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, ensure_ascii=False, indent=None, separators=(',', ':'))
    (FIXTURES / 'meteor.json').write_text(text.replace('],[', '],\n[') + '\n', encoding='utf-8')


main(sys.argv[1])
