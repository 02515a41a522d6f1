"""What a region settles of records by a local policy: the nearest one above a team's region."""


def reviews_hours(region_path: str) -> str:
    """Whether the contact team reviews hours there, in SQL, over an expression in SQL."""
    return _settled("reviews_hours", region_path)


def reviews_evaluations(region_path: str) -> str:
    """Whether the contact team reviews evaluations there, in SQL, over an expression in SQL."""
    return _settled("reviews_evaluations", region_path)


def _settled(column: str, region_path: str) -> str:
    return f"""coalesce((
      select l.{column} from local_policies l
      join regions g on g.id = l.region_id and starts_with({region_path}, g.path)
      where l.{column} is not null order by g.depth desc limit 1), false)"""  # noqa: S608 - expressions of ours
