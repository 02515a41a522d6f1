-- What PostGraphile is given beside the tables: the usual way to add a query of one's own.
create schema postgraphile;

create function postgraphile.hub_of_region(code text) returns public.teams
language sql stable as $$
    select t.*
    from public.teams t
    join public.regions r on r.id = t.region_id
    where r.code = hub_of_region.code
        and t.is_hub
        and t.status not in ('DISSOLVED', 'REJECTED', 'DRAFT')
$$;

create function postgraphile.projects_below(team bigint) returns setof public.projects
language sql stable as $$
    select p.*
    from public.projects p
    join public.teams t on t.id = p.team_id
    where t.path >= (select path from public.teams where id = projects_below.team)
        and t.path < (
            select left(path, -1) || '0' from public.teams where id = projects_below.team
        ) collate "C"
    order by p.starts_at desc, p.id desc
$$;

create type public.region_figures as (
    volunteers bigint, teams bigint, hubs bigint, projects bigint, records bigint, minutes bigint
);
create type public.region_month as (month date, records bigint, minutes bigint);

-- Both read the ledger of totals: its key is the scope, the code of a figure and the period, which is
-- 0 for all time, 202611 for a month, 20261122 for a day. Days to come are taken off.
create function postgraphile.days_to_come() returns integer[]
language sql stable as $$
    select array_agg(to_char(d, 'YYYYMMDD')::integer)
    from (select now() at time zone 'Asia/Shanghai' as moment) n
    cross join generate_series(
        date_trunc('day', moment) + interval '1 day',
        date_trunc('month', moment) + interval '1 month' - interval '1 day',
        interval '1 day'
    ) as d
$$;

create function public.regions_figures(region public.regions) returns public.region_figures
language sql stable as $$
    select
        coalesce(sum(f.n) filter (where f.name = 'volunteer'), 0)::bigint,
        coalesce(sum(f.n) filter (where f.name = 'team'), 0)::bigint,
        coalesce(sum(f.n) filter (where f.name = 'hub'), 0)::bigint,
        coalesce(sum(f.n) filter (where f.name = 'project'), 0)::bigint,
        coalesce(sum(f.n) filter (where f.name = 'record'), 0)::bigint,
        coalesce(sum(f.quantity) filter (where f.name = 'record'), 0)::bigint
    from (
        select c.name, case t.period when 0 then t.n else -t.n end as n,
            case t.period when 0 then t.quantity else -t.quantity end as quantity
        from public.ledger_codes c
        join public.ledger_totals t on t.code = c.number
        where c.name in ('volunteer', 'team', 'hub', 'project', 'record')
            and t.scope = region.id
            and t.period = any(0 || (select postgraphile.days_to_come()))
    ) f
$$;

create function public.regions_months(region public.regions, months integer)
returns setof public.region_month language sql stable as $$
    select m.month::date, coalesce(t.n, 0)::bigint, coalesce(t.quantity, 0)::bigint
    from generate_series(
        date_trunc('month', now() at time zone 'Asia/Shanghai')
            - make_interval(months => regions_months.months - 1),
        date_trunc('month', now() at time zone 'Asia/Shanghai'),
        interval '1 month'
    ) as m(month)
    left join public.ledger_totals t
        on t.scope = region.id
        and t.code = (select number from public.ledger_codes where name = 'record')
        and t.period = (extract(year from m.month) * 100 + extract(month from m.month))::integer
    order by 1
$$;
