"""Pure mechanisms without tables: dates, state flows, columns, official numbers, pinyin keys. Knows no union words."""
