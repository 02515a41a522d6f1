-- $1: id of the volunteer.
select json_build_object('data', json_build_object('viewer', json_build_object('volunteer',
    json_build_object(
        'id', v.id,
        'volunteerNo', v.volunteer_no,
        'name', v.name,
        'star', v.star,
        'hours', round(v.effective_minutes / 60.0, 2)::text,
        'serviceRecords', json_build_object('edges', (
            select coalesce(json_agg(row_to_json(e)), '[]')
            from (
                select row_to_json(n) as node
                from (
                    select r.id, r.starts_at as "startsAt", r.minutes,
                        round(r.minutes / 60.0, 2)::text as hours, r.status,
                        case when p.id is not null then
                            json_build_object('id', p.id, 'name', p.name) end as project,
                        json_build_object('id', t.id, 'name', t.name) as team
                    from (
                        select id, starts_at, minutes, status, project_id, team_id
                        from service_records
                        where volunteer_id = v.id
                        order by starts_at desc, id desc
                        limit 20
                    ) r
                    left join projects p on p.id = r.project_id
                    left join teams t on t.id = r.team_id
                    order by r.starts_at desc, r.id desc
                ) n
            ) e
        ))
    )
)))::text
from volunteers v
where v.id = $1
