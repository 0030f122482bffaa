"""Writes the command's fixture of CLIPScore: a small random CLIP in Hugging Face's layout with a small vocabulary, three
pictures, captions, and the scores that the official program's formulas give with transformers:
`python tools/reference/clip_score_fixture.py`."""

import json
import os
import shutil

import numpy as np
import torch
from PIL import Image
from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel, CLIPTokenizer
from transformers.models.clip.tokenization_clip import bytes_to_unicode

ROOT = os.path.normpath(os.path.join(os.path.dirname(__file__), "../../apps/cli/test/__fixtures__/clip-score"))
PREFIX = "A photo depicts "
REFERENCES = {
    "1": ["A red square above a blue circle.", "red square over a circle", ""],
    "22": ["A cat sleeps.", "the cat's asleep & dreaming"],
    "333": ["two dogs run through the very long grass of a very large and very green park near the old town"],
}
CANDIDATES = {"1": "A red square", "22": "a dog, awake", "333": "Two DOGS run"}
MERGES = ["t h", "th e</w>", "i n", "a n", "r e", "d o", "do g", "c a", "ca t</w>", "s q"]


def main():
    shutil.rmtree(ROOT, ignore_errors=True)
    clip, pictures = os.path.join(ROOT, "clip"), os.path.join(ROOT, "pictures")
    os.makedirs(clip)
    os.makedirs(pictures)
    alphabet = list(bytes_to_unicode().values())
    vocabulary = alphabet + [letter + "</w>" for letter in alphabet]
    vocabulary += ["".join(merge.split()) for merge in MERGES] + ["<|startoftext|>", "<|endoftext|>"]
    ids = {token: number for number, token in enumerate(vocabulary)}
    with open(os.path.join(clip, "vocab.json"), "w") as file:
        json.dump(ids, file)
    with open(os.path.join(clip, "merges.txt"), "w") as file:
        file.write("#version: 0.2\n" + "\n".join(MERGES) + "\n")
    tokenizer = CLIPTokenizer(os.path.join(clip, "vocab.json"), os.path.join(clip, "merges.txt"))

    torch.manual_seed(5)
    end = ids["<|endoftext|>"]
    text = {"vocab_size": len(ids), "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2,
            "num_attention_heads": 2, "max_position_embeddings": 24, "eos_token_id": end, "bos_token_id": end - 1,
            "pad_token_id": end}
    vision = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
              "image_size": 16, "patch_size": 8}
    model = CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=8)).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn_like(parameter) * 0.3)
    model.save_pretrained(clip)
    processor = CLIPImageProcessor(size={"shortest_edge": 16}, crop_size={"height": 16, "width": 16})
    processor.save_pretrained(clip)

    random = np.random.default_rng(7)
    names = {"1": "1.png", "22": "COCO_val2014_000000000022.png", "333": "000000000333.png"}
    for key, (width, height) in zip(names, [(20, 30), (40, 24), (16, 16)]):
        blocks = random.integers(0, 256, (4, 4, 3), dtype=np.uint8)
        Image.fromarray(blocks).resize((width, height), Image.NEAREST).save(os.path.join(pictures, names[key]))

    def unit(rows):
        return rows / rows.norm(dim=-1, keepdim=True)

    def encode_texts(texts):
        rows = []
        for caption in texts:
            own = tokenizer.encode(PREFIX + caption, truncation=True, max_length=24)
            assert own[-1] == end
            rows.append(model.get_text_features(torch.tensor([own])))
        return unit(torch.cat(rows))

    clip_scores, ref_scores = {}, {}
    with torch.no_grad():
        for key, references in REFERENCES.items():
            picture = Image.open(os.path.join(pictures, names[key])).convert("RGB")
            image = unit(model.get_image_features(**processor(picture, return_tensors="pt")))
            candidate = encode_texts([CANDIDATES[key]])
            score = 2.5 * max(float((image @ candidate.T).item()), 0)
            # as get_refonlyclipscore: the greatest similarity of the candidate to a reference
            similarity = float((candidate @ encode_texts(references).T).max())
            assert similarity > 0
            clip_scores[key] = score
            ref_scores[key] = 2 * score * similarity / (score + similarity) if score + similarity else 0.0
    expected = {
        "candidates": [{"image_id": int(key), "caption": caption} for key, caption in CANDIDATES.items()],
        "references": REFERENCES,
        "perPicture": clip_scores,
        "CLIPScore": float(np.mean(list(clip_scores.values()))),
        "RefCLIPScore": float(np.mean(list(ref_scores.values()))),
    }
    with open(os.path.join(ROOT, "expected.json"), "w") as file:
        json.dump(expected, file, indent=1)
        file.write("\n")
    print(expected)


main()
