"""The loaders of one request, made when first asked for."""

from asyncio import gather
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from db.queries import pages
from db.queries.categories import SERVICE_CATEGORIES
from db.queries.entities import Entity
from db.queries.pages import Relation
from db.queries.rows import ServiceCategoryRow
from db.rows import Row
from db.scope import Scope
from db.session import Snapshot
from loaders.by_key import RowByKey
from loaders.counts import CountAll, CountByParent, Counted
from loaders.pages import Page, PageArgs, PageByParent, fetch_page
from loaders.statistics import (
    Ask,
    Child,
    ChildrenByParent,
    ChoseTeam,
    Figures,
    FiguresByScope,
)
from loaders.ties import IsTiedToTeam

L = TypeVar("L")


@dataclass(slots=True)
class Loaders:
    """One instance of each loader per request, made with the viewer's scope of its entity."""

    snapshot: Snapshot
    scope: Callable[[str], Scope]
    _made: dict[tuple[object, ...], Any] = field(default_factory=dict)

    async def rows(
        self,
        entity: Entity,
        keys: Sequence[Any],
        *,
        key: str = "id",
        row: type[Row] | None = None,
        scope: str | None = None,
    ) -> Sequence[Row | None]:
        """The row of each key that is in scope, else None; a key of None gives None.

        ``scope`` names the scope to use if it is not the entity's own.
        """
        row, scope = row or entity.row, scope or entity.name
        loader = self._one(
            ("row", entity.name, key, row, scope),
            lambda: RowByKey(self.snapshot, entity, key, self.scope(scope), row),
        )
        found = await loader.many(each for each in keys if each is not None)
        return [found.get(each) for each in keys]

    async def hub_of_region(self, code: str, row: type[Row]) -> Row | None:
        """The hub of the region of a code."""
        statement = pages.hub_of_region(self.scope("Team"), row)
        return await self.snapshot.fetch_one(statement, code=code, **self.scope("Team").values)

    async def service_categories(self) -> Sequence[ServiceCategoryRow]:
        """The enabled categories of service, in their order."""
        return await self.snapshot.fetch(SERVICE_CATEGORIES)

    async def page(self, entity: Entity, args: PageArgs) -> Page:
        """A page of all rows in scope."""
        return await fetch_page(self.snapshot, entity, self.scope(entity.name), args)

    async def pages(
        self, relation: Relation, parents: Sequence[Any], args: PageArgs
    ) -> Sequence[Page]:
        """A page of the related rows of each parent."""
        loader = self._one(
            ("pages", relation.name, args),
            lambda: PageByParent(self.snapshot, relation, self.scope(relation.entity.name), args),
        )
        found = await loader.many(parents)
        return [found[each] for each in parents]

    async def totals(self, lists: Sequence[Page]) -> list[Counted]:
        """How many rows the list of each page has in all; one statement for pages of one list."""
        groups: dict[tuple[object, ...], list[Page]] = {}
        for page in lists:
            key = (page.source.name, page.args.filters, page.args.values)
            groups.setdefault(key, []).append(page)
        totals = await gather(*(self._totals(key, group) for key, group in groups.items()))
        found = dict(zip(groups, totals, strict=True))
        return [
            found[page.source.name, page.args.filters, page.args.values][page.parent]
            for page in lists
        ]

    async def _totals(
        self, key: tuple[object, ...], group: Sequence[Page]
    ) -> Mapping[Any, Counted]:
        """The totals of pages of one list, by parent."""
        args, source = group[0].args, group[0].source
        values = dict(args.values)
        if isinstance(source, Entity):
            whole = self._one(
                ("number", *key),
                lambda: CountAll(
                    self.snapshot, source, self.scope(source.name), args.filters, values
                ),
            )
            return await whole.many([None])
        scope = self.scope(source.entity.name)
        loader = self._one(
            ("count", *key),
            lambda: CountByParent(self.snapshot, source, scope, args.filters, values),
        )
        return await loader.many(page.parent for page in group)

    async def tied_to_team(self, team_id: int, volunteer_ids: Sequence[int]) -> Sequence[bool]:
        """Whether each volunteer is tied to the team."""
        loader = self._one(("tied", team_id), lambda: IsTiedToTeam(self.snapshot, team_id))
        found = await loader.many(volunteer_ids)
        return [found[each] for each in volunteer_ids]

    async def figures(self, scopes: Sequence[int], ask: Ask) -> Sequence[Figures]:
        """The figures of scopes: regions by id, teams by minus their id."""
        loader = self._one(("figures", ask), lambda: FiguresByScope(self.snapshot, ask))
        found = await loader.many(scopes)
        return [found[each] for each in scopes]

    async def child_figures(
        self, kind: str, parents: Sequence[int], ask: Ask
    ) -> Sequence[Sequence[Child]]:
        """The ``regions`` or ``teams`` right below each parent, with their figures."""
        loader = self._one(
            ("child figures", kind, ask), lambda: ChildrenByParent(self.snapshot, kind, ask)
        )
        found = await loader.many(parents)
        return [found[each] for each in parents]

    async def chose_team(self, view_team_id: int, team_ids: Sequence[int]) -> Sequence[bool]:
        """Whether each team chose the given one as its view team."""
        loader = self._one(("chose", view_team_id), lambda: ChoseTeam(self.snapshot, view_team_id))
        found = await loader.many(team_ids)
        return [found[each] for each in team_ids]

    def _one(self, key: tuple[object, ...], make: Callable[[], L]) -> L:
        loader: L | None = self._made.get(key)
        if loader is None:
            loader = self._made[key] = make()
        return loader
