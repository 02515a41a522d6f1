-- $1: id of the volunteer. Pasted together: as json values it took a third longer.
select '{"data":{"viewer":{"volunteer":{"id":' || v.id || ',"volunteerNo":"' || v.volunteer_no
    || '","name":' || json_scalar(v.name) || ',"star":' || v.star
    || ',"hours":"' || round(v.effective_minutes / 60.0, 2)
    || '","serviceRecords":{"edges":[' || coalesce((
        select string_agg(
            '{"node":{"id":' || r.id || ',"startsAt":' || json_scalar(r.starts_at)
                || ',"minutes":' || r.minutes || ',"hours":"' || round(r.minutes / 60.0, 2)
                || '","status":"' || r.status || '","project":'
                || coalesce((
                    select '{"id":' || p.id || ',"name":' || json_scalar(p.name) || '}'
                    from projects p
                    where p.id = r.project_id
                ), 'null') || ',"team":' || coalesce((
                    select '{"id":' || t.id || ',"name":' || json_scalar(t.name) || '}'
                    from teams t
                    where t.id = r.team_id
                ), 'null') || '}}', ','
        )
        from (
            select id, starts_at, minutes, status, project_id, team_id
            from service_records
            where volunteer_id = v.id
            order by starts_at desc, id desc
            limit 20
        ) r
    ), '') || ']}}}}}'
from volunteers v
where v.id = $1
