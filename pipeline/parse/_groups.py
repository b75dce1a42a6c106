"""Organisations told from people by their names: their words, their firms, their acronyms."""

from __future__ import annotations

import re

# Words that stand in the name of a group only.
_GROUP_WORD = re.compile(
    r"\b(?:team|teams|group|labs?|laborator\w+|research|collaboration|consortium|project|community|institute|"
    r"university|foundation|inc|llc|ltd|corp(?:oration)?|company|contributors|initiative|cent(?:er|re)|"
    r"department|technolog(?:y|ies)|alliance|association|organi[sz]ation|committee|workshop|academy|society|"
    r"authors|intelligence|communication|superalignment)\b|@",
    re.IGNORECASE,
)
# Firms that are nobody's name stand in those of their teams ("Google Brain", "LLM-Core Xiaomi").
_FIRM = re.compile(
    r"\b(?:google|openai|anthropic|microsoft|nvidia|ibm|baidu|tencent|alibaba|bytedance|huawei|samsung|"
    r"kakao|eleutherai|bigscience|bigcode|laion|salesforce|facebook|deepseek|deepmind|qwen|databricks|"
    r"snowflake|xiaomi|meituan|hugging\s?face|stability|moonshot|minimax|stepfun|nllb|internlm|skywork|ai2)\b",
    re.IGNORECASE,
)
# These are also names of people: a firm when it stands alone or before a word of its own.
_FIRM_OR_NAME = re.compile(
    r"(?:meta|apple|amazon|cohere|mistral|adobe|nous|reka|figure|sony|kimi|gemini|gemma|llama)"
    r"(?:$|\s(?:ai|fair|genai|agi|ml|gen|llm|reality|science|robotics)\b|\s\([^()]*\)$)",
    re.IGNORECASE,
)
_ACRONYM = re.compile(
    r"(?:^|\s|-)AI[0-9]?(?:$|\s)|[a-z0-9.-]AI$|^[A-Z][A-Z0-9]{2,}(?:[-.][A-Za-z0-9]+)*$|^AI[0-9]?\b"
)


def looks_like_group(name: str) -> bool:
    """Tell whether a name is that of an organisation, a team or a collaboration."""
    return bool(
        _GROUP_WORD.search(name) or _FIRM.search(name) or _FIRM_OR_NAME.match(name) or _ACRONYM.search(name)
    )
