-- A run that was asked for once more while it waited or ran; jobs say whether they want that.

alter table jobs add column again boolean not null default false;
