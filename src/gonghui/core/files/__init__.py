"""Files that the system keeps: sealed on the disk, held like every other record, given out by one page that asks for the rights anew."""
