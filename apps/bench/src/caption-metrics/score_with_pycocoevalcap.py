"""Scores candidates.json against references.json as pycocoevalcap's own evaluation does, and prints the scores."""
import contextlib
import io
import json
import sys

from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.rouge.rouge import Rouge
from pycocoevalcap.tokenizer.ptbtokenizer import PTBTokenizer

candidates = json.load(open(sys.argv[1]))
references = json.load(open(sys.argv[2]))
tokenizer = PTBTokenizer()
with contextlib.redirect_stdout(io.StringIO()):
    gold = tokenizer.tokenize({i: [{'caption': c} for c in captions] for i, captions in references.items()})
    guess = tokenizer.tokenize({str(e['image_id']): [{'caption': e['caption']}] for e in candidates})
    bleu = Bleu(4).compute_score(gold, guess, verbose=0)[0]
    scores = {f'Bleu_{n + 1}': value for n, value in enumerate(bleu)}
    scores['ROUGE_L'] = float(Rouge().compute_score(gold, guess)[0])
    scores['CIDEr'] = float(Cider().compute_score(gold, guess)[0])
    if 'METEOR' in sys.argv[3:]:
        from pycocoevalcap.meteor.meteor import Meteor
        scores['METEOR'] = Meteor().compute_score(gold, guess)[0]
print(json.dumps(scores))
