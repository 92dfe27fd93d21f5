"""The rest of the list: an operator with an opening of one brand, who wants another's, or more, or longer."""

from clients.breakglass.actions import end_glass, tell_look
from tenants import glass
from tenants.brandref import BrandRef
from tests.breakglass.opened import as_operator, operator, standing, told
from tests.tenants.attacks import SECRET, attack

# As the role of an opening of ours, after a told page of it; {theirs} is their schema, {role} their brand's role.
_BEYOND = {
    "their table": "SELECT title FROM {theirs}.items_item",
    "their table, copied": "COPY {theirs}.items_item TO STDOUT",
    "their rows, changed": "UPDATE {theirs}.items_item SET title = 'A-own' RETURNING title",
    "their rows, deleted": "DELETE FROM {theirs}.items_item RETURNING title",
    "becoming their brand": "SET ROLE {role}; SELECT title FROM {theirs}.items_item",
    "becoming them by a setting": "SELECT set_config('role', '{role}', false); SELECT title FROM {theirs}.items_item",
    "everybody's people": "SELECT '" + SECRET + "' FROM public.tenants_person",
    "a view of its own on them": "CREATE VIEW mine AS SELECT title FROM {theirs}.items_item; SELECT title FROM mine",
    "its own right": "UPDATE {ours}.breakglass_opening SET until = until + interval '1 hour' RETURNING '" + SECRET + "'",
    "its own line": "INSERT INTO {ours}.breakglass_look (id) VALUES (gen_random_uuid()) RETURNING '" + SECRET + "'",
    "a write where it reads": "UPDATE items_item SET title = 'x' RETURNING '" + SECRET + "'",
    "names that the log only commits to": "SELECT '" + SECRET + "' FROM {ours}.audit_private",
}  # fmt: skip


def _beyond(name: str, statement: str) -> None:
    @attack(35, f"an operator's opening of ours: {name}")
    def beyond(ours: BrandRef, theirs: BrandRef) -> object:
        words = {"ours": ours.schema_name, "theirs": theirs.schema_name, "role": theirs.role_name}
        with standing(ours) as opening:
            told(ours, opening)
            return as_operator(opening, "SET default_transaction_read_only = off", statement.format(**words))


for _name, _statement in _BEYOND.items():
    _beyond(_name, _statement)


@attack(36)
def a_page_that_no_line_tells_of(ours: BrandRef, theirs: BrandRef) -> object:
    with standing(theirs) as opening:
        return as_operator(opening, "SELECT title FROM items_item")


@attack(36)
def a_page_after_the_end(ours: BrandRef, theirs: BrandRef) -> object:
    with standing(theirs) as opening:
        page = told(theirs, opening)
        end_glass(operator(theirs), opening_id=opening.pk)
        return glass.read(opening.pk, page, ["id", "title"])


@attack(36)
def a_table_of_a_part_that_was_not_opened(ours: BrandRef, theirs: BrandRef) -> object:
    with standing(theirs, parts=("outbox",)) as opening:
        told(theirs, opening, "outbox_outboxrow")
        return as_operator(opening, f"SELECT title FROM {theirs.schema_name}.items_item")


@attack(36)
def an_opening_of_theirs_told_in_our_log(ours: BrandRef, theirs: BrandRef) -> object:
    with standing(theirs) as opening:
        tell_look(operator(ours), opening_id=opening.pk, page=glass.Page("items_item"))
        return as_operator(opening, "SELECT title FROM items_item")
