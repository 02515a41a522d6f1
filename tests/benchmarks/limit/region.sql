-- $1: code of the region. Every child's figures come from one pass over each table.
with top as materialized (
    select id, name, path, depth, (left(path, -1) || '0') collate "C" as path_end
    from regions where code = $1
),
child as materialized (
    select c.id, c.code, c.name, c.path from top join regions c on c.parent_id = top.id
),
since as materialized (
    select date_trunc('month', now() at time zone 'Asia/Shanghai') as this_month,
        (date_trunc('month', now() at time zone 'Asia/Shanghai') - interval '11 months')
            at time zone 'Asia/Shanghai' as first
),
steps as materialized (
    select string_to_array(top.path, '/') as ids, cardinality(string_to_array(top.path, '/')) as n
    from top
),
volunteers_of as (
    select split_part(v.region_path, '/', steps.n) as child_id, count(*) as n
    from top, steps, volunteers v
    where v.region_path >= top.path and v.region_path < top.path_end and v.status = 'ENABLED'
    group by 1
),
teams_of as (
    select split_part(t.region_path, '/', steps.n) as child_id,
        count(*) filter (where not t.is_hub) as teams, count(*) filter (where t.is_hub) as hubs
    from top, steps, teams t
    where t.region_path >= top.path and t.region_path < top.path_end
        and t.status in ('ENABLED', 'CHANGE_PENDING')
    group by 1
),
projects_of as (
    select split_part(t.region_path, '/', steps.n) as child_id, count(*) as n
    from top, steps, teams t join projects p on p.team_id = t.id
    where t.region_path >= top.path and t.region_path < top.path_end
        and p.status in ('WAITING', 'RUNNING', 'CLOSED', 'MAKE_UP')
    group by 1
),
records_of as materialized (
    select split_part(r.region_path, '/', steps.n) as child_id,
        case when r.starts_at >= since.first then
            date_trunc('month', r.starts_at at time zone 'Asia/Shanghai') end as month,
        count(*) as n, sum(r.minutes) as minutes
    from top, steps, since, service_records r
    where r.region_path >= top.path and r.region_path < top.path_end and r.status = 'EFFECTIVE'
    group by 1, 2
),
record_sums as (
    select child_id, sum(n) as n, sum(minutes) as minutes from records_of group by 1
),
months_of as (
    select c.id::text as child_id, json_agg(
        json_build_object(
            'month', m.month::date, 'records', coalesce(r.n, 0),
            'hours', round(coalesce(r.minutes, 0) / 60.0, 2)::text
        )
        order by m.month
    ) as months
    from child c
    cross join (
        select since.this_month - make_interval(months => i) as month
        from since, generate_series(0, 11) as i
    ) m
    left join records_of r on r.child_id = c.id::text and r.month = m.month
    group by c.id
)
select json_build_object('data', json_build_object('region', json_build_object(
    'id', top.id,
    'name', top.name,
    'statistics', json_build_object(
        'asOf', now(),
        'volunteers', (select coalesce(sum(n), 0) from volunteers_of),
        'teams', (select coalesce(sum(teams), 0) from teams_of),
        'hubs', (select coalesce(sum(hubs), 0) from teams_of),
        'projects', (select coalesce(sum(n), 0) from projects_of),
        'records', (select coalesce(sum(n), 0) from record_sums),
        'hours', (select round(coalesce(sum(minutes), 0) / 60.0, 2)::text from record_sums)
    ),
    'childStatistics', (
        select coalesce(json_agg(
            json_build_object(
                'region', json_build_object('code', c.code, 'name', c.name),
                'totals', json_build_object(
                    'volunteers', coalesce(v.n, 0),
                    'teams', coalesce(t.teams, 0),
                    'projects', coalesce(p.n, 0),
                    'hours', round(coalesce(r.minutes, 0) / 60.0, 2)::text
                ),
                'months', m.months
            )
            order by c.code
        ), '[]')
        from child c
        left join volunteers_of v on v.child_id = c.id::text
        left join teams_of t on t.child_id = c.id::text
        left join projects_of p on p.child_id = c.id::text
        left join record_sums r on r.child_id = c.id::text
        left join months_of m on m.child_id = c.id::text
    )
)))::text
from top
