-- $1: code of the region. Figures are read by the ledger's key, the months' apart from the totals;
-- what is not folded is left out, for nobody writes meanwhile. Days to come are taken off.
with top as materialized (
    select id, name from regions where code = $1
),
place as materialized (
    select id, code, name from regions where parent_id = (select id from top)
),
today as materialized (
    select (now() at time zone 'Asia/Shanghai')::date as day,
        date_trunc('month', now() at time zone 'Asia/Shanghai') as month
),
month as materialized (
    select m::date as first, (extract(year from m) * 100 + extract(month from m))::int as period
    from today, generate_series(month - interval '11 months', month, interval '1 month') as m
),
later as materialized (
    select to_char(d, 'YYYYMMDD')::int as period
    from today, generate_series(day + 1, month + interval '1 month' - interval '1 day',
        interval '1 day') as d
),
code as materialized (
    select number, name from ledger_codes
    where name in ('volunteer', 'team', 'hub', 'project', 'record')
),
scope as materialized (
    select id from place union all select id from top
),
-- The numbers as an array: a join would be planned from the codes, each searched for alone.
until_today as (
    select t.scope, (select name from code where number = t.code) as name,
        case t.period when 0 then t.n else -t.n end as n,
        case t.period when 0 then t.quantity else -t.quantity end as quantity
    from ledger_totals t
    where t.scope = any(array(select id from scope))
        and t.code = any(array(select number from code))
        and t.period = any(array(select 0 union all select period from later))
),
monthly as (
    select t.scope, t.period, t.n, t.quantity
    from ledger_totals t
    where t.scope = any(array(select id from place))
        and t.code = (select number from code where name = 'record')
        and t.period = any(array(select period from month))
),
total as materialized (
    select scope,
        coalesce(sum(n) filter (where name = 'volunteer'), 0) as volunteers,
        coalesce(sum(n) filter (where name = 'team'), 0) as teams,
        coalesce(sum(n) filter (where name = 'hub'), 0) as hubs,
        coalesce(sum(n) filter (where name = 'project'), 0) as projects,
        coalesce(sum(n) filter (where name = 'record'), 0) as records,
        coalesce(sum(quantity) filter (where name = 'record'), 0) as minutes
    from until_today
    group by scope
),
series as (
    select p.id, string_agg(
        '{"month":"' || m.first || '","records":' || coalesce(f.n, 0) || ',"hours":"'
            || round(coalesce(f.quantity, 0) / 60.0, 2) || '"}',
        ',' order by m.first
    ) as months
    from place p
    cross join month m
    left join monthly f on f.scope = p.id and f.period = m.period
    group by p.id
)
select '{"data":{"region":{"id":' || top.id || ',"name":' || json_scalar(top.name)
    || ',"statistics":{"asOf":' || json_scalar(now())
    || ',"volunteers":' || coalesce(o.volunteers, 0)
    || ',"teams":' || coalesce(o.teams, 0) || ',"hubs":' || coalesce(o.hubs, 0)
    || ',"projects":' || coalesce(o.projects, 0) || ',"records":' || coalesce(o.records, 0)
    || ',"hours":"' || round(coalesce(o.minutes, 0) / 60.0, 2) || '"},"childStatistics":['
    || coalesce((
        select string_agg(
            '{"region":{"code":"' || p.code || '","name":' || json_scalar(p.name)
                || '},"totals":{"volunteers":' || coalesce(t.volunteers, 0)
                || ',"teams":' || coalesce(t.teams, 0)
                || ',"projects":' || coalesce(t.projects, 0)
                || ',"hours":"' || round(coalesce(t.minutes, 0) / 60.0, 2)
                || '"},"months":[' || s.months || ']}',
            ',' order by p.code
        )
        from place p join series s using (id) left join total t on t.scope = p.id
    ), '') || ']}}}'
from top left join total o on o.scope = top.id
