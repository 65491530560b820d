-- Which words many tasks have, in shares of all tasks, as PostgreSQL has counted them for its own planning: a search asks
-- itself by them which way is the shorter (docs/decisions/013). The statistics are those of the whole installation, which row
-- security keeps from everybody; only the program reads this, and shows it to nobody.
create function common_words() returns table (word text, share real) language sql stable security definer
  set search_path = public as $$
  select m.word, m.share
  from pg_catalog.pg_stats s, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) as m(word, share)
  where s.schemaname = 'public' and s.tablename = 'task_search' and s.attname = 'document' and m.word is not null
$$;
alter function common_words() owner to tater_lookup;
revoke execute on function common_words() from public;
grant execute on function common_words() to tater_app;
