-- What one brand's log needs beyond its tables: functions of the owner in the brand's own schema, so that their statements are
-- planned once and name their tables. :space, :brand and :role are replaced. Every statement may run again.
-- INVARIANT: the brand is written into the function, not asked for; the brand's role may neither call nor change it.

CREATE OR REPLACE FUNCTION :space.audit_note_rows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    WITH noted AS (
        INSERT INTO :space.audit_rowchange (table_name, op, rows, count)
        SELECT TG_TABLE_NAME, lower(TG_OP), (array_agg(id))[1:100], count(*) FROM changed HAVING count(*) > 0
        RETURNING seq)
    INSERT INTO public.tenants_unsealed (brand_id, seq, kind) SELECT :brand, seq, 'row' FROM noted;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION :space.audit_note_truncate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    WITH noted AS (
        INSERT INTO :space.audit_rowchange (table_name, op, rows, count) VALUES (TG_TABLE_NAME, 'truncate', '{}', 0)
        RETURNING seq)
    INSERT INTO public.tenants_unsealed (brand_id, seq, kind) SELECT :brand, seq, 'row' FROM noted;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION :space.audit_queue() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- What the sealer could not read back would keep every line behind it unsealed: raw SQL does not put it there.
    IF EXISTS (SELECT FROM changed WHERE at NOT BETWEEN '1900-01-01' AND '2200-01-01'
        OR jsonb_path_exists(facts, '$.** ? (@.type() == "number" && (@ > 9007199254740991 || @ < -9007199254740991))')
        OR jsonb_path_exists(facts, '$.**{9 to last}'))
    THEN
        RAISE EXCEPTION 'unsealable: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.tenants_unsealed (brand_id, seq, kind) SELECT :brand, seq, 'act' FROM changed;
    RETURN NULL;
END $$;

-- What is personal goes only together with a line that names its number.
CREATE OR REPLACE FUNCTION :space.audit_erasing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM changed JOIN :space.audit_entry gone USING (id) WHERE NOT EXISTS (
        SELECT FROM :space.audit_entry told, jsonb_path_query(told.facts, '$.seqs[*]') run
        WHERE told.tx = txid_current() AND told.verb = 'log.erased'
          AND gone.seq BETWEEN (run->>0)::bigint AND (run->>1)::bigint))
    THEN
        RAISE EXCEPTION 'append_only: % on % without the line of an erasure', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;

-- And it comes only together with the line that commits to it: nobody puts a name to a line that has none.
CREATE OR REPLACE FUNCTION :space.audit_with_its_line() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM changed WHERE NOT EXISTS (SELECT FROM :space.audit_entry line
        WHERE line.id = changed.id AND line.tx = txid_current() AND line.commitment <> ''))
    THEN
        RAISE EXCEPTION 'append_only: % on % without its line', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;

REVOKE EXECUTE ON FUNCTION :space.audit_with_its_line() FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION :space.audit_note_rows(), :space.audit_note_truncate(), :space.audit_queue(), :space.audit_erasing()
    FROM PUBLIC;
GRANT USAGE ON SEQUENCE :space.audit_seq TO :role;
-- A key of the log is kept for good; what changes is under which key of the installation its secret lies.
REVOKE UPDATE, DELETE ON :space.audit_logkey FROM :role;
GRANT UPDATE (secret) ON :space.audit_logkey TO :role;

-- Triggers that stand as they should are left alone: a fleet is dressed again at each release, and replacing them is most of it.
-- A trigger whose definition changes gets another name.
DO $$
DECLARE
    home regnamespace := ':bare';
    wish record;
BEGIN
    FOR wish IN
        SELECT w.relation, w.name, w.timing, w.function FROM (VALUES
            :wishes
        ) AS w (relation, name, timing, function)
        WHERE NOT EXISTS (
            SELECT FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE c.relname = w.relation AND c.relnamespace = home AND t.tgname = w.name AND t.tgenabled = 'A'
              AND p.pronamespace = home AND p.proname = w.function)
    LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER %I %s FOR EACH STATEMENT EXECUTE FUNCTION :space.%I()',
            wish.name, replace(wish.timing, '@', format(':space.%I', wish.relation)), wish.function);
        EXECUTE format('ALTER TABLE :space.%I ENABLE ALWAYS TRIGGER %I', wish.relation, wish.name);
    END LOOP;
END $$;
