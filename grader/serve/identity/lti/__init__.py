"""LTI 1.3: a learning platform sends its people here, and takes their points back.

Source: 1EdTech, Learning Tools Interoperability Core 1.3; Security Framework 1.0; Assignment and Grade
Services 2.0.
"""
