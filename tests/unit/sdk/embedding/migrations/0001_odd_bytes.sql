create table things (id bigint);
-- "quotes" \ back; [brackets] ${NAME} ñ
	select '%';;