-- What the hub's tables need beyond their columns: rights, the brand's window on its people, and the functions of its triggers.
-- Run by the owner after every migration of the public schema. Every statement may run again.
-- :"login", :"common" and :"database" are replaced by quoted names.

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE TEMPORARY ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"login";
GRANT USAGE ON SCHEMA public TO :"login", :"common";
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM :"login", :"common";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"login";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"login";

-- A brand's schema and role are the owner's to give; the rest of its row is ours. Nobody deletes one: `gone` is a state.
REVOKE INSERT, UPDATE, DELETE ON tenants_brand FROM :"login";
GRANT UPDATE (name, slug, state, time_zone, language, second_factor) ON tenants_brand TO :"login";
REVOKE INSERT, UPDATE, DELETE ON django_migrations, tenants_schematext FROM :"login";
-- Pointers are written by the triggers below alone. The relay leases what is due.
REVOKE INSERT, UPDATE, DELETE ON tenants_workpointer, tenants_pending FROM :"login";
GRANT UPDATE (leased_until, attempts) ON tenants_pending TO :"login";
REVOKE UPDATE, DELETE ON tenants_hubentry FROM :"login";
-- What waits to be sealed comes from triggers and goes by tenants_seal below; of the heads, only what was found wrong is ours.
REVOKE INSERT, UPDATE, DELETE ON tenants_unsealed, tenants_loghead FROM :"login";
GRANT INSERT (brand_id, fault, fault_at, part_checked_at, whole_checked_at),
    UPDATE (fault, fault_at, part_checked_at, whole_checked_at) ON tenants_loghead TO :"login";

CREATE OR REPLACE FUNCTION tenants_append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'append_only: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

-- Words go out of a row that never changes only together with the line of an erasure, as personal values of the log do.
CREATE OR REPLACE FUNCTION tenants_redacting() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    told boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.audit_entry WHERE tx = txid_current() AND verb = ''log.erased'')',
        TG_TABLE_SCHEMA) INTO told;
    IF NOT told THEN
        RAISE EXCEPTION 'append_only: % on % without the line of an erasure', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;

-- And they only go: each column stays as it was, is emptied, or is what it was with a mark of three or more U+2592 in the place of
-- something. JSON is compared as text, so of its words nothing can be moved either; the names of its keys are codes.
CREATE OR REPLACE FUNCTION tenants_only_taking_out() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    put_in text := (SELECT min(key) FROM jsonb_each_text(to_jsonb(OLD)) was JOIN jsonb_each_text(to_jsonb(NEW)) now USING (key)
        WHERE now.value IS DISTINCT FROM was.value AND now.value NOT IN ('', '[]', '{}') AND COALESCE(was.value, '') NOT LIKE
            regexp_replace(regexp_replace(now.value, '([\\%_])', '\\\1', 'g'), '\u2592{3,}', '%', 'g'));
BEGIN
    IF put_in IS NOT NULL THEN
        RAISE EXCEPTION 'append_only: % on % puts words into %', TG_OP, TG_TABLE_NAME, put_in USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON tenants_hubentry
    FOR EACH STATEMENT EXECUTE FUNCTION tenants_append_only();
ALTER TABLE tenants_hubentry ENABLE ALWAYS TRIGGER append_only;

-- Of a line of the hub's log only from where it came goes, when its time is over: whoever asks, nothing else of it changes.
CREATE OR REPLACE FUNCTION tenants_only_forgetting() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF to_jsonb(NEW) - 'facts' <> to_jsonb(OLD) - 'facts' OR NEW.facts <> OLD.facts - ARRAY['ip', 'agent']
        OR OLD.at > clock_timestamp() - interval '1 day'
    THEN
        RAISE EXCEPTION 'append_only: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER only_forgetting BEFORE UPDATE ON tenants_hubentry
    FOR EACH ROW EXECUTE FUNCTION tenants_only_forgetting();
ALTER TABLE tenants_hubentry ENABLE ALWAYS TRIGGER only_forgetting;

CREATE OR REPLACE FUNCTION tenants_forget_origins(before timestamptz) RETURNS bigint LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    WITH forgotten AS (
        UPDATE public.tenants_hubentry SET facts = facts - ARRAY['ip', 'agent']
        WHERE at < before AND facts ?| ARRAY['ip', 'agent'] RETURNING 1)
    SELECT count(*) FROM forgotten
$$;
REVOKE EXECUTE ON FUNCTION tenants_forget_origins(timestamptz), tenants_only_forgetting() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenants_forget_origins(timestamptz) TO :"login";

-- INVARIANT: both mirrors take the brand from the schema the trigger fired in. A brand's role has no right on these tables and
-- cannot create triggers, so it can only ever write its own brand's pointers, and only by changing its own rows.

CREATE OR REPLACE FUNCTION tenants_mirror_pending() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    mine uuid := (SELECT id FROM public.tenants_brand WHERE schema_name = TG_TABLE_SCHEMA);
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM public.tenants_pending WHERE brand_id = mine AND row_id = OLD.id;
    ELSIF NEW.done_at IS NOT NULL THEN
        DELETE FROM public.tenants_pending WHERE brand_id = mine AND row_id = NEW.id;
    ELSIF TG_OP = 'INSERT' OR (NEW.due_at, NEW.kind, NEW.done_at) IS DISTINCT FROM (OLD.due_at, OLD.kind, OLD.done_at) THEN
        INSERT INTO public.tenants_pending (brand_id, row_id, kind, due_at, attempts)
            VALUES (mine, NEW.id, NEW.kind, NEW.due_at, 0)
            ON CONFLICT (brand_id, row_id)
            DO UPDATE SET kind = excluded.kind, due_at = excluded.due_at, leased_until = NULL, begun_at = NULL;
    ELSIF NEW.attempts > OLD.attempts THEN
        -- A worker has begun: what was leased for the way to it is now leased for the work.
        UPDATE public.tenants_pending SET leased_until = now() + interval '90 seconds', begun_at = now()
            WHERE brand_id = mine AND row_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION tenants_mirror_work() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    mine uuid := (SELECT id FROM public.tenants_brand WHERE schema_name = TG_TABLE_SCHEMA);
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM public.tenants_workpointer WHERE brand_id = mine AND kind = 'item' AND object_id = OLD.id;
    ELSIF NEW.move_of = '' THEN
        DELETE FROM public.tenants_workpointer WHERE brand_id = mine AND kind = 'item' AND object_id = NEW.id;
    ELSE
        INSERT INTO public.tenants_workpointer (brand_id, kind, object_id, state, side, assignee_id, due_at, version)
            VALUES (mine, 'item', NEW.id, NEW.state, NEW.move_of,
                    CASE WHEN NEW.move_of = NEW.author_side THEN NEW.author_id END,
                    COALESCE(NEW.decide_by, NEW.not_before), 1)
            ON CONFLICT (brand_id, kind, object_id)
            DO UPDATE SET state = excluded.state, side = excluded.side, assignee_id = excluded.assignee_id,
                          due_at = excluded.due_at, version = tenants_workpointer.version + 1;
    END IF;
    RETURN NULL;
END $$;

-- What one person has to do, until they did or nobody asks them any more: a mention that was handed to them, a conversation that they
-- are offered, an insight whose answer they owe, an appeal that they decide. Theirs alone, whatever side moves next, so it has no
-- side; but what is offered to a whole side has that one. TG_ARGV: the kind, and the column that says since or by when.
CREATE OR REPLACE FUNCTION tenants_mirror_personal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    mine uuid := (SELECT id FROM public.tenants_brand WHERE schema_name = TG_TABLE_SCHEMA);
    told jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    whose uuid := (told ->> 'to_person')::uuid;
    of_side text := CASE WHEN whose IS NULL THEN COALESCE(told ->> 'to_side', '') ELSE '' END;
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM public.tenants_workpointer WHERE brand_id = mine AND kind = TG_ARGV[0] AND object_id = OLD.id;
    ELSIF told ->> 'closed_at' IS NOT NULL OR told ->> 'answered_at' IS NOT NULL OR told ->> 'state' <> 'open'
        OR (whose IS NULL AND of_side = '')
    THEN
        DELETE FROM public.tenants_workpointer WHERE brand_id = mine AND kind = TG_ARGV[0] AND object_id = NEW.id;
    ELSE
        INSERT INTO public.tenants_workpointer (brand_id, kind, object_id, state, side, assignee_id, due_at, version)
            VALUES (mine, TG_ARGV[0], NEW.id, TG_ARGV[0], of_side, whose, (told ->> TG_ARGV[1])::timestamptz, 1)
            ON CONFLICT (brand_id, kind, object_id) DO UPDATE SET assignee_id = excluded.assignee_id,
                side = excluded.side, due_at = excluded.due_at, version = tenants_workpointer.version + 1;
    END IF;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION tenants_mirror_personal() FROM PUBLIC;

-- A conversation in one person's hands, while it is their move: not while the member is asked, or it sleeps or is closed.
CREATE OR REPLACE FUNCTION tenants_mirror_held() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    mine uuid := (SELECT id FROM public.tenants_brand WHERE schema_name = TG_TABLE_SCHEMA);
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM public.tenants_workpointer WHERE brand_id = mine AND kind = 'held' AND object_id = OLD.id;
    ELSIF NEW.holder_person IS NOT NULL AND NEW.state = 'open' THEN
        INSERT INTO public.tenants_workpointer (brand_id, kind, object_id, state, side, assignee_id, due_at, version)
            VALUES (mine, 'held', NEW.id, 'held', '', NEW.holder_person, NEW.held_since, 1)
            ON CONFLICT (brand_id, kind, object_id) DO UPDATE SET assignee_id = excluded.assignee_id,
                due_at = excluded.due_at, version = tenants_workpointer.version + 1;
    ELSIF TG_OP = 'UPDATE' AND OLD.holder_person IS NOT NULL THEN
        DELETE FROM public.tenants_workpointer WHERE brand_id = mine AND kind = 'held' AND object_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION tenants_mirror_held() FROM PUBLIC;

REVOKE EXECUTE ON FUNCTION tenants_append_only(), tenants_redacting(), tenants_only_taking_out(), tenants_mirror_pending(),
    tenants_mirror_work() FROM PUBLIC;

-- The one way into a brand's tree: takes lines out of the queue, adds their leaves and the signed head behind the last one, or
-- none of it. Hashes and signature are the sealer's; that nothing is skipped, sealed twice or cut back is seen to here.
CREATE OR REPLACE FUNCTION tenants_seal(brand uuid, seqs bigint[], kinds text[], hashes bytea[], first bigint,
    root bytea, note text, frontier bytea) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    space text := (SELECT schema_name FROM public.tenants_brand WHERE id = brand);
    many bigint := cardinality(seqs);
    there bigint;
BEGIN
    DELETE FROM public.tenants_unsealed WHERE brand_id = brand AND seq = ANY (seqs);
    GET DIAGNOSTICS there = ROW_COUNT;
    IF there <> many OR many <> cardinality(kinds) OR many <> cardinality(hashes) OR many = 0 THEN
        RAISE EXCEPTION 'seal: % lines, % of them queued', many, there;
    END IF;
    EXECUTE format('SELECT COALESCE(max(size), 0) FROM %I.audit_checkpoint', space) INTO there;
    IF there <> first THEN
        RAISE EXCEPTION 'seal: the log has % lines, not %', there, first;
    END IF;
    EXECUTE format('INSERT INTO %I.audit_leaf (idx, seq, kind, hash) SELECT $1 + n - 1, s, k, h'
        ' FROM unnest($2, $3, $4) WITH ORDINALITY AS line (s, k, h, n)', space) USING first, seqs, kinds, hashes;
    EXECUTE format('INSERT INTO %I.audit_checkpoint (size, root, note, frontier) VALUES ($1, $2, $3, $4)', space)
        USING first + many, root, note, frontier;
    INSERT INTO public.tenants_loghead AS head (brand_id, size, root, sealed_at)
        VALUES (brand, first + many, tenants_seal.root, clock_timestamp())
        ON CONFLICT (brand_id) DO UPDATE SET size = excluded.size, root = excluded.root, sealed_at = excluded.sealed_at
        WHERE head.size = first;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'seal: the hub remembers another log than one of % lines', first;
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION tenants_seal(uuid, bigint[], text[], bytea[], bigint, bytea, text, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenants_seal(uuid, bigint[], text[], bytea[], bigint, bytea, text, bytea) TO :"login";

-- Takes away what an operator may read of a brand (tenants/glass.py): role, views, and whoever is reading. Anybody of ours may
-- call it, for any opening: it can only take away. The name is checked, since it becomes part of a statement.
CREATE OR REPLACE FUNCTION tenants_shut_glass(glass text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who text := 'r' || left(encode(sha256(convert_to(current_database(), 'UTF8')), 'hex'), 8) || '_' || glass;
BEGIN
    IF glass !~ '^glass_[0-9a-f]{12}$' THEN
        RAISE EXCEPTION 'glass: %', glass;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = who) THEN
        RETURN false;
    END IF;
    EXECUTE format('ALTER ROLE %I NOLOGIN PASSWORD NULL', who);
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = who;
    EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', glass);
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM %I', current_database(), who);
    EXECUTE format('DROP ROLE %I', who);
    RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION tenants_shut_glass(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenants_shut_glass(text) TO :"login";

-- A brand's window on its own people. The brand is found by who asks: each brand's role is one brand's.
CREATE OR REPLACE VIEW brand_people WITH (security_barrier) AS
    SELECT DISTINCT ON (member.person_id)
           member.person_id, person.name, person.email, person.language, member.side, member.role, member.agency_id,
           COALESCE(agency.name, '')::varchar(120) AS agency_name,
           member.ended_at IS NULL AND person.is_active AS live
    FROM tenants_membership member
    JOIN tenants_brand brand ON brand.id = member.brand_id AND brand.role_name = current_user
    JOIN tenants_person person ON person.id = member.person_id
    LEFT JOIN tenants_agency agency ON agency.id = member.agency_id
    ORDER BY member.person_id, member.ended_at DESC NULLS FIRST;
REVOKE ALL ON brand_people FROM PUBLIC, :"login";
GRANT SELECT ON brand_people TO :"common";
