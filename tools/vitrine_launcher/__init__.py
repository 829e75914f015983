"""The launcher of Vitrine. Standard library only; the entry point is main.main()."""
