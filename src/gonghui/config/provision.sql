-- Everything that needs a PostgreSQL superuser, and nothing else. May be run again at any time.
--
-- The embedded server runs this by itself. For a PostgreSQL (15 or newer) of your own:
--
--     gonghui provision > provision.sql
--     psql -X -v ON_ERROR_STOP=1 -d postgres -f provision.sql
--
-- then give both roles a password (\password gonghui_owner, \password gonghui_app), and tell gonghui
--     DATABASE_URL=postgresql://gonghui_app:…@HOST/gonghui           the application: owns nothing, held by row-level security
--     DATABASE_OWNER_URL=postgresql://gonghui_owner:…@HOST/gonghui   migrate, back up and restore
-- The cluster needs encoding UTF8 and a UTF-8 LC_CTYPE, for example: initdb -E UTF8 --locale=C.UTF-8

\set ON_ERROR_STOP on
\encoding UTF8
set client_min_messages = warning;

select 'create role gonghui_owner' where not exists (select from pg_roles where rolname = 'gonghui_owner') \gexec
select 'create role gonghui_app' where not exists (select from pg_roles where rolname = 'gonghui_app') \gexec
select 'create role gonghui_everywhere' where not exists (select from pg_roles where rolname = 'gonghui_everywhere') \gexec
alter role gonghui_owner login createdb nosuperuser nobypassrls nocreaterole noreplication;
alter role gonghui_app login noinherit nocreatedb nosuperuser nobypassrls nocreaterole noreplication;
-- Becoming this role lifts the wall for one transaction (`beyond_scope`); noinherit above: nothing of it holds by membership.
-- bypassrls, so that PostgreSQL may use its statistics there: with any policy, even "true", it plans dated facts blindly.
alter role gonghui_everywhere nologin bypassrls nocreatedb nosuperuser nocreaterole noreplication;
grant gonghui_everywhere to gonghui_app;
grant gonghui_app to gonghui_owner;

-- template1 first: databases created later (the tests' own) start from it.
\connect template1
set client_min_messages = warning;
create extension if not exists btree_gist;
create extension if not exists pg_trgm;
-- Row-level security runs only leakproof functions before its own filter; without this, searches by name lose their index.
alter function pg_catalog.textlike(text, text) leakproof;
alter function pg_catalog.texticlike(text, text) leakproof;
-- The same for "as of a day": without it neither the index nor the statistics of dated facts may be used.
alter function pg_catalog.range_contains_elem(anyrange, anyelement) leakproof;
alter schema public owner to pg_database_owner;
revoke create on schema public from public;

-- CREATE DATABASE is no part of a transaction, hence not of a DO block.
select 'create database gonghui owner gonghui_owner' where not exists (select from pg_database where datname = 'gonghui') \gexec
alter database gonghui owner to gonghui_owner;
revoke connect, temporary on database gonghui from public;
grant connect, temporary on database gonghui to gonghui_app;

\connect gonghui
set client_min_messages = warning;
create extension if not exists btree_gist;
create extension if not exists pg_trgm;
alter function pg_catalog.textlike(text, text) leakproof;
alter function pg_catalog.texticlike(text, text) leakproof;
alter function pg_catalog.range_contains_elem(anyrange, anyelement) leakproof;
alter schema public owner to pg_database_owner;
revoke create on schema public from public;
grant usage on schema public to gonghui_app, gonghui_everywhere;

do $$
begin
    if coalesce(cardinality(show_trgm('北京市总工会')), 0) = 0 then
        raise exception 'pg_trgm sees no Chinese letters here'
            using hint = 'The cluster needs encoding UTF8 and a UTF-8 LC_CTYPE: initdb -E UTF8 --locale=C.UTF-8';
    end if;
end
$$;
