"""Users and their sign-in: password and second factor (TOTP). What a user may do stands in `access`."""
