{{ files_rows("interactions") }}
