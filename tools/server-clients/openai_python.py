"""The calls of docs/serve.md by the package openai of Python. EIM_URL is the server, EIM_MODEL its model."""

import os

import openai

model = os.environ["EIM_MODEL"]
client = openai.OpenAI(
    base_url=f"{os.environ['EIM_URL']}/v1", api_key=os.environ.get("EIM_KEY", "none"), max_retries=0
)
greedy = dict(
    model=model,
    messages=[{"role": "user", "content": "Name a colour."}],
    temperature=0,
    max_completion_tokens=8,
)

assert model in [each.id for each in client.models.list().data]
whole = client.chat.completions.create(**greedy, logprobs=True, top_logprobs=2)
assert len(whole.choices[0].logprobs.content) == whole.usage.completion_tokens
text = ""
for chunk in client.chat.completions.create(**greedy, stream=True, stream_options={"include_usage": True}):
    if chunk.choices:
        text += chunk.choices[0].delta.content or ""
    else:
        assert chunk.usage.completion_tokens == whole.usage.completion_tokens
assert text == whole.choices[0].message.content
seeded = dict(greedy, temperature=1, seed=7, n=2)
contents = [
    [choice.message.content for choice in client.chat.completions.create(**seeded).choices] for _ in range(2)
]
assert contents[0] == contents[1] and len(contents[0]) == 2
continued = client.completions.create(model=model, prompt="The sea is", max_tokens=4, temperature=0)
assert continued.choices[0].finish_reason in ("stop", "length")
try:
    client.chat.completions.create(**greedy, tools=[{"type": "function", "function": {"name": "f"}}])
    raise AssertionError("tools were not refused")
except openai.BadRequestError as error:
    assert error.param == "tools", error
try:
    client.chat.completions.create(**dict(greedy, model="nobody"))
    raise AssertionError("an unknown model was not refused")
except openai.NotFoundError:
    pass
print("openai (Python): models, chat, streams, seeds, completions, errors")
