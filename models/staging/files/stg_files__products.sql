{{ files_rows("products", made={"offer_type": "'product'"}) }}
