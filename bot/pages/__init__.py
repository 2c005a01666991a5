"""The web pages of a served Baseroom: the wall for the base-room screen, the workbook, and what an IT officer and a
data protection officer look for (privacy, terms, data protection).
"""
