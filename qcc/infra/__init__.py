"""The ground that features stand on: database, audit, access, files, mail, papers, face."""
