
-- The feed of one brand: giving places, letting go of what is over, beginning anew. :space and :role are replaced.

-- Places for what is committed, one caller at a time; who comes meanwhile goes on without: -1. How many were given.
-- The lock and the reading are two statements, so what the caller before has committed is seen.
CREATE OR REPLACE FUNCTION :space.changes_settle(most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    so_far bigint;
    placed bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM :space.changes_head) THEN
        INSERT INTO :space.changes_head (number, course, position, forgotten) VALUES (1, gen_random_uuid(), 0, 0)
            ON CONFLICT DO NOTHING;
    END IF;
    IF NOT EXISTS (SELECT FROM :space.changes_noted) THEN
        RETURN 0;
    END IF;
    SELECT position INTO so_far FROM :space.changes_head FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN -1;
    END IF;
    WITH taken AS (
        DELETE FROM :space.changes_noted
        WHERE seq = ANY (ARRAY(SELECT seq FROM :space.changes_noted ORDER BY seq LIMIT most)) RETURNING *),
    last AS (SELECT DISTINCT ON (tx, resource, object_id) * FROM taken ORDER BY tx, resource, object_id, seq DESC),
    put AS (
        INSERT INTO :space.changes_change (position, tx, at, resource, object_id, gone, info_class, named, whose)
        SELECT so_far + row_number() OVER (ORDER BY seq), tx, at, resource, object_id, gone, info_class, named, whose
        FROM last
        RETURNING 1)
    SELECT count(*) INTO placed FROM put;
    UPDATE :space.changes_head SET position = so_far + placed;
    RETURN placed;
END $$;

-- Of each object the last change stays; that something is no more is told until `gone_before`.
CREATE OR REPLACE FUNCTION :space.changes_compact(superseded_before timestamptz, gone_before timestamptz) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    superseded bigint;
    gone bigint;
    last bigint;
BEGIN
    PERFORM FROM :space.changes_head FOR UPDATE;
    DELETE FROM :space.changes_change old WHERE old.at < superseded_before AND EXISTS (
        SELECT FROM :space.changes_change later
        WHERE later.object_id = old.object_id AND later.position > old.position AND later.resource = old.resource);
    GET DIAGNOSTICS superseded = ROW_COUNT;
    WITH over AS (
        DELETE FROM :space.changes_change WHERE changes_change.gone AND at < gone_before RETURNING position)
    SELECT count(*), max(position) INTO gone, last FROM over;
    UPDATE :space.changes_head SET forgotten = greatest(forgotten, last) WHERE last IS NOT NULL;
    RETURN superseded + gone;
END $$;

-- A TRUNCATE names no rows: whoever follows reads everything once more.
CREATE OR REPLACE FUNCTION :space.changes_begin_anew() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE :space.changes_head SET course = gen_random_uuid();
    RETURN NULL;
END $$;

REVOKE EXECUTE ON FUNCTION :space.changes_settle(integer), :space.changes_compact(timestamptz, timestamptz),
    :space.changes_begin_anew() FROM PUBLIC;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON :space.changes_noted, :space.changes_change, :space.changes_head FROM :role;
GRANT EXECUTE ON FUNCTION :space.changes_settle(integer), :space.changes_compact(timestamptz, timestamptz) TO :role;

-- As with the log's: a trigger whose definition changes gets another name.
DO $$
DECLARE
    home regnamespace := ':bare';
    wish record;
BEGIN
    FOR wish IN
        SELECT w.relation, w.name, w.timing, w.function, w.argument FROM (VALUES
            :wishes
        ) AS w (relation, name, timing, function, argument)
        WHERE NOT EXISTS (
            SELECT FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE c.relname = w.relation AND c.relnamespace = home AND t.tgname = w.name AND t.tgenabled = 'A'
              AND p.pronamespace = home AND p.proname = w.function
              AND encode(t.tgargs, 'escape') = w.argument || '\000')
    LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER %I %s FOR EACH STATEMENT EXECUTE FUNCTION :space.%I(%L)',
            wish.name, replace(wish.timing, '@', format(':space.%I', wish.relation)), wish.function, wish.argument);
        EXECUTE format('ALTER TABLE :space.%I ENABLE ALWAYS TRIGGER %I', wish.relation, wish.name);
    END LOOP;
END $$;
