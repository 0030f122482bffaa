"""Writes llm-gpt2's fixture from transformers' GPT2LMHeadModel: `python tools/reference/gpt2_fixture.py`."""

import torch
from transformers import GPT2Config, GPT2LMHeadModel

from fixture_arrays import array, randomise, write

SIZES = {"hiddenSize": 16, "blockCount": 2, "headCount": 4, "feedForwardSize": 64, "contextLength": 24, "vocabularySize": 31}
END = 30

config = GPT2Config(
    vocab_size=SIZES["vocabularySize"], n_positions=SIZES["contextLength"], n_embd=SIZES["hiddenSize"],
    n_layer=SIZES["blockCount"], n_head=SIZES["headCount"], bos_token_id=END, eos_token_id=END, pad_token_id=0,
    resid_pdrop=0, embd_pdrop=0, attn_pdrop=0, tie_word_embeddings=True,
)
model = randomise(GPT2LMHeadModel(config), seed=1, deviation=0.25)


def ours(name):
    """Our name of a transformers parameter."""
    name = name.removeprefix("transformer.")
    for theirs, mine in [
        ("wte.", "tokens."), ("wpe.", "positions."), ("ln_f.weight", "finalNorm.gain"), ("ln_f.", "finalNorm."),
        ("ln_1.weight", "attentionNorm.gain"), ("ln_1.", "attentionNorm."),
        ("ln_2.weight", "feedForwardNorm.gain"), ("ln_2.", "feedForwardNorm."),
        ("attn.c_attn.", "attention.queryKeyValue."), ("attn.c_proj.", "attention.output."),
        ("mlp.c_fc.", "feedForward.input."), ("mlp.c_proj.", "feedForward.output."),
    ]:
        name = name.replace(theirs, mine)
    return "blocks." + name.removeprefix("h.") if name.startswith("h.") else name


# a batch of a prefix and text, the second row padded on the left
torch.manual_seed(2)
ids = torch.tensor([[3, 7, 1, 12, 29, 4, 4, 9], [0, 0, 0, 5, 22, 8, 30, 2]])
mask = torch.tensor([[1] * 8, [0] * 3 + [1] * 5])
positions = (mask.cumsum(1) - 1).clamp(min=0)
logits = model(input_ids=ids, attention_mask=mask, position_ids=positions).logits

prefix = torch.randn(2, 3, SIZES["hiddenSize"]) * 0.5
text = torch.tensor([[5, 9, 11, 2], [17, 3, 28, 30]])
embeddings = torch.cat([prefix, model.transformer.wte(text)], 1).detach().requires_grad_()
prefixed = model(inputs_embeds=embeddings).logits
loss = torch.nn.functional.cross_entropy(prefixed[:, 2:-1].reshape(-1, SIZES["vocabularySize"]), text.reshape(-1))
model.zero_grad()
loss.backward()

generated = []
for request in [
    {"maxNewTokens": 12, "beams": 1, "lengthPenalty": 1.0},
    {"maxNewTokens": 12, "beams": 1, "lengthPenalty": 1.0, "repetitionPenalty": 1.7},
    {"maxNewTokens": 12, "beams": 3, "lengthPenalty": 1.0},
    {"maxNewTokens": 12, "beams": 3, "lengthPenalty": 1.0, "repetitionPenalty": 1.7},
    {"maxNewTokens": 8, "beams": 4, "lengthPenalty": 0.0},
    {"maxNewTokens": 12, "beams": 5, "lengthPenalty": 2.0},
    {"maxNewTokens": 12, "beams": 2, "lengthPenalty": -1.0},
]:
    output = model.generate(
        inputs_embeds=embeddings.detach(), attention_mask=torch.ones(2, 7, dtype=torch.long), do_sample=False,
        max_new_tokens=request["maxNewTokens"], num_beams=request["beams"], length_penalty=request["lengthPenalty"],
        repetition_penalty=request.get("repetitionPenalty", 1.0), eos_token_id=[END, 13], pad_token_id=0,
    )
    rows = []
    for row in output.tolist():
        ends = [index for index, token in enumerate(row) if token in (END, 13)]
        rows.append(row[: ends[0]] if ends else row)
    generated.append({"request": {**request, "stopTokens": [END, 13]}, "ids": rows})
    print(generated[-1])

write("llm-gpt2", "gpt2", {
    "sizes": SIZES,
    "weights": {ours(name): array(value) for name, value in model.named_parameters()},
    "padded": {"ids": array(ids), "mask": array(mask.float()), "positions": array(positions), "logits": array(logits)},
    "prefixed": {
        "prefix": array(prefix), "text": array(text), "logits": array(prefixed), "loss": loss.item(),
        "gradients": {ours(name): array(value.grad) for name, value in model.named_parameters()},
        "prefixGradient": array(embeddings.grad[:, :3]),
    },
    "generated": generated,
})
