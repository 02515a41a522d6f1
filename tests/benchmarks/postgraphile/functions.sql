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

create function public.regions_figures(region public.regions) returns public.region_figures
language sql stable as $$
    select
        (
            select count(*) from public.volunteers v
            where v.region_path >= region.path and v.region_path < e.path_end
                and v.status = 'ENABLED'
        ),
        t.others,
        t.hubs,
        (
            select count(*) from public.projects p join public.teams t on t.id = p.team_id
            where t.region_path >= region.path and t.region_path < e.path_end
                and p.status in ('WAITING', 'RUNNING', 'CLOSED', 'MAKE_UP')
        ),
        r.n,
        r.minutes
    from (select (left(region.path, -1) || '0') collate "C" as path_end) e
    cross join lateral (
        select count(*) filter (where not is_hub) as others, count(*) filter (where is_hub) as hubs
        from public.teams
        where region_path >= region.path and region_path < e.path_end
            and status in ('ENABLED', 'CHANGE_PENDING')
    ) t
    cross join lateral (
        select count(*) as n, coalesce(sum(minutes), 0)::bigint as minutes
        from public.service_records
        where region_path >= region.path and region_path < e.path_end and status = 'EFFECTIVE'
    ) r
$$;

create function public.regions_months(region public.regions, months integer)
returns setof public.region_month language sql stable as $$
    select m.month, coalesce(r.n, 0), coalesce(r.minutes, 0)
    from (
        select (date_trunc('month', now() at time zone 'Asia/Shanghai')
            - make_interval(months => n))::date as month
        from generate_series(0, regions_months.months - 1) as n
    ) m
    left join (
        select date_trunc('month', starts_at at time zone 'Asia/Shanghai')::date as month,
            count(*) as n, sum(minutes)::bigint as minutes
        from public.service_records
        where region_path >= region.path
            and region_path < (left(region.path, -1) || '0') collate "C"
            and status = 'EFFECTIVE'
            and starts_at >= (date_trunc('month', now() at time zone 'Asia/Shanghai')
                - make_interval(months => regions_months.months - 1)) at time zone 'Asia/Shanghai'
        group by 1
    ) r using (month)
    order by 1
$$;
