"""Payment providers behind one protocol (base.py); each adapter is a folder that can be deleted."""
