"""The words of the house: values, ports and pure rules, with no library but the standard one and snowballstemmer."""
