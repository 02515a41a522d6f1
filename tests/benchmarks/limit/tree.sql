-- $1: code of the district. Each list is one range of ix_teams_children; the JSON is pasted
-- together, for building it as json values took a quarter longer. What is long is appended to last.
select '{"data":{"hub":{"id":' || h.id || ',"teamNo":"' || h.team_no || '","name":'
    || json_scalar(h.name) || ',"hubLevel":"' || h.hub_level || '","status":"' || h.status
    || '","permissionGroup":"' || h.permission_group || '","registeredAt":'
    || coalesce(json_scalar(h.registered_at)::text, 'null') || ',"teams":{"edges":[' || coalesce((
        select string_agg(
            '{"node":{"id":' || n.id || ',"teamNo":"' || n.team_no || '","name":'
                || json_scalar(n.name) || ',"kind":"' || n.kind || '","status":"' || n.status
                || '"}}', ','
        )
        from (
            select x.id, x.team_no, x.name, x.kind, x.status
            from teams x
            where x.contact_team_id = h.id and not x.is_hub
            order by x.sort_key, x.id
            limit 5
        ) n
    ), '') || ']},"childHubs":[' || coalesce((
        select string_agg(t.text, ',')
        from (
            select '{"id":' || h1.id || ',"teamNo":"' || h1.team_no || '","name":'
                || json_scalar(h1.name) || ',"hubLevel":"' || h1.hub_level || '","status":"'
                || h1.status || '","permissionGroup":"' || h1.permission_group
                || '","registeredAt":' || coalesce(json_scalar(h1.registered_at)::text, 'null')
                || ',"teams":{"edges":[' || coalesce((
                    select string_agg(
                        '{"node":{"id":' || n.id || ',"teamNo":"' || n.team_no || '","name":'
                            || json_scalar(n.name) || ',"kind":"' || n.kind || '","status":"'
                            || n.status || '"}}', ','
                    )
                    from (
                        select x.id, x.team_no, x.name, x.kind, x.status
                        from teams x
                        where x.contact_team_id = h1.id and not x.is_hub
                        order by x.sort_key, x.id
                        limit 5
                    ) n
                ), '') || ']},"childHubs":[' || coalesce((
                    select string_agg(t.text, ',')
                    from (
                        select '{"id":' || h2.id || ',"teamNo":"' || h2.team_no || '","name":'
                            || json_scalar(h2.name) || ',"hubLevel":"' || h2.hub_level
                            || '","status":"' || h2.status || '","permissionGroup":"'
                            || h2.permission_group || '","registeredAt":'
                            || coalesce(json_scalar(h2.registered_at)::text, 'null')
                            || ',"teams":{"edges":[' || coalesce((
                                select string_agg(
                                    '{"node":{"id":' || n.id || ',"teamNo":"' || n.team_no
                                        || '","name":' || json_scalar(n.name) || ',"kind":"'
                                        || n.kind || '","status":"' || n.status || '"}}', ','
                                )
                                from (
                                    select x.id, x.team_no, x.name, x.kind, x.status
                                    from teams x
                                    where x.contact_team_id = h2.id and not x.is_hub
                                    order by x.sort_key, x.id
                                    limit 5
                                ) n
                            ), '') || ']}}' as text
                        from teams h2
                        where h2.contact_team_id = h1.id and h2.is_hub
                        order by h2.sort_key, h2.id
                    ) t
                ), '') || ']}' as text
            from teams h1
            where h1.contact_team_id = h.id and h1.is_hub
            order by h1.sort_key, h1.id
        ) t
    ) || ']}}}', ']}}}')
from teams h
join regions r on r.id = h.region_id
where r.code = $1 and h.is_hub and h.status not in ('DISSOLVED', 'REJECTED', 'DRAFT')
