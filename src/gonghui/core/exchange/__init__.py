"""导入导出: workbooks in and out. Batches of rows that were read, checked and applied together; workbooks that were written."""
