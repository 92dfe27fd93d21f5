-- One opening of one brand for an operator: a role that owns nothing, is a member of nothing, and may read views alone.
-- :glass is the schema of the views, :role the role, :space the brand's schema, :opening the row that says until when,
-- :until its end, :owner who we are. The views follow. Run by the owner in one transaction.
-- INVARIANT: each statement asks anew whether the opening still holds, by the database's clock, and whether a line of the log
-- tells of this reading. Nobody who acts in the brand, and no keeper, has to come by for it to end.

CREATE ROLE :role NOLOGIN NOINHERIT CONNECTION LIMIT 1 VALID UNTIL :until;
GRANT :role TO :owner;
ALTER ROLE :role SET default_transaction_read_only = on;
ALTER ROLE :role SET statement_timeout = '30s';
ALTER ROLE :role SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE :role SET search_path = :glass, pg_temp;
GRANT CONNECT ON DATABASE :database TO :role;
CREATE SCHEMA :glass;
-- By this a release, a restore and the dropping of a brand find what stands open over it.
COMMENT ON SCHEMA :glass IS :brand;
GRANT USAGE ON SCHEMA :glass TO :role;

CREATE FUNCTION :glass.passed(what text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM :space.breakglass_opening WHERE id = :opening AND until > clock_timestamp())
        OR EXISTS (SELECT FROM :space.breakglass_openingend WHERE opening_id = :opening)
    THEN
        RAISE EXCEPTION 'break_glass: the opening is over' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (SELECT FROM :space.breakglass_look
        WHERE opening_id = :opening AND table_name = what AND at BETWEEN clock_timestamp() - interval '60 seconds' AND clock_timestamp())
    THEN
        RAISE EXCEPTION 'break_glass: no line tells of reading %', what USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION :glass.passed(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION :glass.passed(text) TO :role;
