-- $1: id of the team whose subtree is asked for. Its teams first, for they are few; their ids as an
-- array keep the planner from reading all projects.
with below as materialized (
    select t.id, t.name, t.contact_team_id
    from teams t
    where t.path >= (select path from teams where id = $1)
        and t.path < (select left(path, -1) || '0' from teams where id = $1) collate "C"
),
found as materialized (
    select p.id, p.project_no, p.name, p.status, p.starts_at, p.ends_at,
        b.id as team_id, b.name as team_name, b.contact_team_id
    from below b
    join projects p on p.team_id = b.id
    where p.team_id = any(array(select id from below))
    order by p.starts_at desc, p.id desc
    limit 51
),
shown as (
    select * from found order by starts_at desc, id desc limit 50
)
select '{"data":{"projects":{"edges":[' || coalesce(
    string_agg(
        '{"cursor":"' || f.id || '","node":{"id":' || f.id || ',"projectNo":"' || f.project_no
            || '","name":' || json_scalar(f.name) || ',"status":"' || f.status
            || '","startsAt":' || json_scalar(f.starts_at) || ',"endsAt":' || json_scalar(f.ends_at)
            || ',"team":{"id":' || f.team_id || ',"name":' || json_scalar(f.team_name)
            || ',"contactTeam":'
            || coalesce('{"id":' || c.id || ',"name":' || json_scalar(c.name) || '}', 'null')
            || '},"signUps":{"edges":[' || coalesce(s.edges, '') || ']}}}',
        ',' order by f.starts_at desc, f.id desc
    ),
    ''
) || '],"pageInfo":{"hasNextPage":' || (select count(*) > 50 from found)
    || ',"endCursor":'
    || coalesce('"' || (select id from shown order by starts_at, id limit 1) || '"', 'null')
    || '}}}}'
from shown f
left join teams c on c.id = f.contact_team_id
left join lateral (
    select string_agg(
        '{"node":{"id":' || n.id || ',"status":"' || n.status || '","volunteer":{"id":' || n.who
            || ',"name":' || json_scalar(n.name) || ',"star":' || n.star || '}}}', ','
    ) as edges
    from (
        select u.id, u.status, v.id as who, v.name, v.star
        from sign_ups u
        join volunteers v on v.id = u.volunteer_id
        where u.project_id = f.id
        order by u.id
        limit 10
    ) n
) s on true
