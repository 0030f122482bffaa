"""Writes packages/tokenizers/src/chat/__fixtures__/chats.json: conversations in the forms of common chat templates, rendered
by transformers.

    python tools/reference/chat_template_fixture.py
"""

import json
from datetime import datetime
from pathlib import Path

import jinja2
from transformers.utils import chat_template_utils

TARGET = Path(__file__).parents[2] / "packages/tokenizers/src/chat/__fixtures__/chats.json"
NOW = datetime(2024, 7, 6, 5, 4, 3)


class Clock(datetime):
    @classmethod
    def now(cls):
        return NOW


chat_template_utils.datetime = Clock
VARIABLES = {"bos_token": "<s>", "eos_token": "</s>", "additional_special_tokens": ["<x>"]}

TEMPLATES = {
    "turns": "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
    "blocks of lines": """{%- if messages[0]['role'] == 'system' -%}
    {%- set system_message = messages[0]['content'] | trim -%}
    {%- set messages = messages[1:] -%}
{%- else -%}
    {%- set system_message = '' -%}
{%- endif -%}
{{ bos_token }}
{% for message in messages %}
    {% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}
        {{ raise_exception('Roles must alternate user/assistant/user') }}
    {% endif %}
    {% if message['role'] == 'user' %}
[INST] {% if loop.first and system_message %}<<SYS>>
{{ system_message }}
<</SYS>>

{% endif %}{{ message['content'].strip() }} [/INST]
    {%- else %}
 {{ message['content'].rstrip() + eos_token }}
    {%- endif %}
{% endfor %}
""",
    "headers": """{{- bos_token }}
{%- if not date_string is defined %}
    {%- if strftime_now is defined %}
        {%- set date_string = strftime_now("%d %b %Y") %}
    {%- else %}
        {%- set date_string = "26 Jul 2024" %}
    {%- endif %}
{%- endif %}
{%- if not tools is defined %}{%- set tools = none %}{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{%- if tools is not none %}{{- "Environment: ipython\\n" }}{%- endif %}
{{- "Today Date: " + date_string + "\\n\\n" }}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {{- message.tool_calls[0].function | tojson }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{%- endif %}
""",
    "names and macros": """{%- macro part(content) -%}
{%- if content is string -%}{{ content }}{%- else -%}
{%- for item in content -%}{%- if item.type == 'text' -%}{{ item.text }}{%- elif item.type == 'image' -%}<image>{%- endif -%}{%- endfor -%}
{%- endif -%}
{%- endmacro -%}
{%- set ns = namespace(count=0, last='') -%}
{%- for message in messages -%}
{%- set ns.count = ns.count + 1 -%}
{%- if message.role == 'system' %}{% continue %}{% endif -%}
{{ '<' ~ message.role | upper ~ ':' ~ ns.count ~ '>' }}{{ part(message.content) }}
{% set ns.last = message.role -%}
{%- endfor -%}
{{ ns.last | capitalize }}{% if enable_thinking is defined and enable_thinking is false %}<think></think>{% endif %}
""",
    "filters": """{% for message in messages %}
{{ loop.index }}/{{ loop.length }} {{ message | tojson }} {{ message['content'] | length if message['content'] is string else 'none' }}
{{ message.get('name', 'nobody') }}{{ true }}{{ none }}{{ message.content == '' }}{{ (message.role ~ '') [:2] | title }}{{ [1, 2, 3] | join(',') }}
{% endfor %}
{{ messages | selectattr('role', 'equalto', 'user') | list | length }}
{{ messages | map(attribute='role') | join('|') }} {{ additional_special_tokens[0] }}
""",
    "what Python names": "{{ messages[0].nothing }}{{ messages[0].role ~ messages[0].content }}{{ 1.0 }}{{ 3 // 2 }}{{ 7 / 2 }}{{ messages|length > 1 }}",
    "comments": "a {# this is\n gone #} b\n{# and this #}\n  {% if true %}\n  c\n  {% endif %}\n\n",
    "generation": "{% for m in messages %}\n{% if m.role == 'assistant' %}\n{% generation %}\n{{ m.content }}{{ eos_token }}\n{% endgeneration %}\n{% else %}\n{{ m.content }}\n{% endif %}\n{% endfor %}\n",
    "windows lines": "{% for m in messages %}\r\n{{ m.content }}\r\n{% endfor %}\r\nend\r\n",
}

CHATS = [
    [{"role": "user", "content": "What is gravity?"}],
    [{"role": "system", "content": " Answer in one word.\n"}, {"role": "user", "content": "Which colour has the sky? "},
     {"role": "assistant", "content": " Blue. "}, {"role": "user", "content": "And grass? ½ of it, 2 m²"}],
    [{"role": "user", "content": "Say  \"hi\"\n\tto <|im_end|> & <b>𝒜</b> — {{ twice }}.", "name": "Zoë"}, {"role": "assistant", "content": " Hi, hi! "}],
    [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "What is it?"}]}],
    [{"role": "user", "content": "a"}, {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "f", "arguments": {"x": 1.5, "y": [True, None], "z": "é\n"}}}]}],
    [{"role": "assistant", "content": "first"}],
]

rows = []
for name, template in TEMPLATES.items():
    for index, messages in enumerate(CHATS):
        for prompt in [True, False] if name in ("turns", "headers") else [True]:
            more = {"enable_thinking": False} if name == "names and macros" and index % 2 else {}
            row = {"template": name, "chat": index, "prompt": prompt, "variables": more}
            try:
                rendered, _ = chat_template_utils.render_jinja_template(
                    [messages], chat_template=template, add_generation_prompt=prompt, **VARIABLES, **more
                )
                if "{'type'" in rendered[0]:
                    row["fault"] = "a list in Python's own notation"
                else:
                    row["text"] = rendered[0]
            except (jinja2.TemplateError, TypeError) as fault:
                row["fault"] = str(fault)
            rows.append(row)
fixture = {"now": NOW.isoformat(), "variables": VARIABLES, "templates": TEMPLATES, "chats": CHATS, "rows": rows}
TARGET.parent.mkdir(exist_ok=True)
TARGET.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
print(TARGET.stat().st_size, sum("fault" in row for row in rows))
