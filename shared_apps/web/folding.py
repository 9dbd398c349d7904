"""Templates whose constant parts are written once per language, not at each rendering.

Most of a page is the same for everybody who reads its language: texts, `{% translate "..." %}`, icons, addresses
without arguments. Once a template is loaded, each run of such nodes becomes one node that remembers what it wrote. Only
nodes that look at nothing but their own arguments are folded, so nothing of a request, a person or an organization can
be remembered: what depends on them is a variable, and a variable is never folded. An include with `only` that is handed
nothing sees no variable that has a value, so it is constant too.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import Any

from django.template import Context, Template
from django.template.base import FilterExpression, Node, NodeList, TextNode, TokenType, Variable, VariableNode
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.library import SimpleNode
from django.template.loader_tags import IncludeNode
from django.template.loaders import cached
from django.templatetags.i18n import BlockTranslateNode, LanguageNode, TranslateNode
from django.templatetags.static import StaticNode
from django.urls import get_urlconf
from django.utils.safestring import SafeString
from django.utils.translation import get_language

CONSTANT_TAGS = frozenset({"icon"})  # simple tags whose answer depends on their arguments alone
_lock = threading.RLock()
_in_hand: list[Template] = []  # a template may include itself, by way of others


class Loader(cached.Loader):
    """Django's cached loader, which folds what it has loaded."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        template = super().get_template(template_name, skip)
        if hasattr(template.nodelist, "is_folded"):
            return template
        with _lock:  # nobody renders a template while its nodes change
            if not hasattr(template.nodelist, "is_folded") and template not in _in_hand:
                _in_hand.append(template)
                try:
                    fold(template.nodelist, template)
                finally:
                    _in_hand.remove(template)
                template.nodelist.is_folded = True  # type: ignore[attr-defined] # this loader's own mark
        return template


class Written(Node):
    """A run of constant nodes. Written once for each language, URL configuration and way of escaping."""

    def __init__(self, nodes: Iterable[Node], template: Template) -> None:
        self.template = template
        self.nodes: list[Node] = []
        for node in nodes:
            self.nodes += node.nodes if isinstance(node, Written) else [node]
        self.has_addresses = any(isinstance(node, URLNode) for node in self.nodes)
        self.written: dict[Any, SafeString] = {}

    def render_annotated(self, context: Context) -> SafeString:
        key = (language_of(context), get_urlconf() if self.has_addresses else None, context.autoescape)
        known = self.written.get(key)
        return self.write(key) if known is None else known

    render = render_annotated  # what Django's own nodes call

    def write(self, key: tuple[Any, Any, bool]) -> SafeString:
        empty = Context(autoescape=key[2])
        empty.template = self.template
        text = SafeString("".join([node.render(empty) for node in self.nodes]))
        self.written[key] = text
        return text


def language_of(context: Any) -> str:
    """The active language, asked for once a rendering: a page has half a hundred nodes that want to know it."""
    rendering = _rendering(context)
    if "language" not in rendering:
        rendering["language"] = get_language()
    return str(rendering["language"])


def _rendering(context: Any) -> dict[Any, Any]:
    """What is remembered until the outermost template is rendered."""
    remembered: list[dict[Any, Any]] = context.render_context.dicts  # Django's own, then a template's within another's
    return remembered[:2][-1]


class Spoken(Node):
    """`{% language "en" %}`: what is in it asks anew, and so does what comes after."""

    def __init__(self, node: LanguageNode) -> None:
        self.node, self.nodelist = node, node.nodelist

    def render(self, context: Context) -> SafeString:
        _rendering(context).pop("language", None)
        text = self.node.render(context)
        _rendering(context).pop("language", None)
        return SafeString(text)


class Address(Node):
    """`{% url "name" as variable %}`: looked up once per URL configuration."""

    def __init__(self, node: URLNode) -> None:
        self.node, self.name = node, str(node.asvar)
        self.found: dict[Any, str] = {}

    def render(self, context: Context) -> SafeString:
        urlconf = get_urlconf()
        if urlconf not in self.found:
            empty = Context()
            self.node.render(empty)
            self.found[urlconf] = empty[self.name]
        context[self.name] = self.found[urlconf]
        return SafeString("")


def fold(nodes: NodeList, template: Template) -> None:
    """Fold the runs of constant nodes in place, and in what the other nodes hold."""
    folded: list[Node] = []
    run: list[Node] = []
    for node in nodes:
        constant = _constant(node, template)
        if constant is not None:
            run += constant
            continue
        folded += _joined(run, template)
        run = []
        for inner in _inside(node):
            fold(inner, template)
        folded.append(_quicker(node))
    nodes[:] = [*folded, *_joined(run, template)]


def _quicker(node: Node) -> Node:
    if isinstance(node, URLNode) and node.asvar and _is_plain(node):
        return Address(node)
    return Spoken(node) if isinstance(node, LanguageNode) else node


def _joined(run: list[Node], template: Template) -> list[Node]:
    """Text alone stays text: Django writes that fastest, and looks for it before `{% extends %}`."""
    return run if len(run) < 2 and all(isinstance(node, TextNode) for node in run) else [Written(run, template)]


def _inside(node: Node) -> Iterator[NodeList]:
    if isinstance(node, IfNode):
        yield from (nodes for _condition, nodes in node.conditions_nodelists)
        return
    yield from (value for value in vars(node).values() if isinstance(value, NodeList))


def _constant(node: Node, template: Template) -> list[Node] | None:
    """The constant nodes that stand for this one; None when it is not constant."""
    match node:
        case TextNode() | LoadNode() | CommentNode() | Written():
            return [node]
        case TranslateNode(asvar=None, message_context=None) if _is_literal(node.filter_expression):
            return [node]
        case BlockTranslateNode(asvar=None, message_context=None, countervar=None) if _says_all(node):
            return [node]
        case StaticNode(varname=None) if _is_literal(node.path):
            return [node]
        case SimpleNode(target_var=None) if node.func.__name__ in CONSTANT_TAGS:
            return [node] if all(map(_is_literal, node.args)) and not node.kwargs else None
        case URLNode(asvar=None) if _is_plain(node):
            return [node]
        case IncludeNode() if _is_literal(node.template):
            return _included(node, template)
    return None


def _included(node: IncludeNode, template: Template) -> list[Node] | None:
    """What the included template holds, if all of it is constant."""
    name = node.template.resolve(Context())
    if not isinstance(name, str) or name == template.name:
        return None
    nodes = template.engine.get_template(name).nodelist
    if all(isinstance(one, TextNode | Written) for one in nodes):
        return list(nodes)
    return list(nodes) if node.isolated_context and not node.extra_context and _sees_only_variables(nodes) else None


def _sees_only_variables(nodes: Iterable[Node]) -> bool:
    """Whether nothing but variables makes a difference to them: not the clock, not the request."""
    return all(
        isinstance(one, TextNode | Written | VariableNode)
        or (isinstance(one, IfNode) and all(map(_sees_only_variables, _inside(one))))
        for one in nodes
    )


def _is_plain(node: URLNode) -> bool:
    return _is_literal(node.view_name) and not node.args and not node.kwargs


def _says_all(node: BlockTranslateNode) -> bool:
    """Whether every variable of the text is given with it, as a text in quotation marks (that may be `|safe`)."""
    given = {name for name, value in node.extra_context.items() if _is_literal(value, but=("safe",))}
    return all(token.contents in given for token in node.singular if token.token_type == TokenType.VAR)


def _is_literal(expression: Any, but: tuple[str, ...] = ()) -> bool:
    """Whether it is a text in quotation marks, without filters `but` these."""
    if not isinstance(expression, FilterExpression):
        return False
    if any(getattr(function, "_filter_name", "") not in but for function, _arguments in expression.filters):
        return False
    literal = expression.var
    if isinstance(literal, Variable):
        return literal.lookups is None and isinstance(literal.literal, str)
    return isinstance(literal, str)
