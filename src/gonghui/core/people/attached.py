"""What hangs on a person, and on the union that keeps him, of the app's own."""

from gonghui.core.actions.attached import Attached, attach, leave
from gonghui.core.people.models import Distinct, IdentityDocument, Merge, Person

attach(Attached(IdentityDocument, "person"))
attach(Attached(Person, "organisation"))
leave(Person, "merged_into", reason="says what became of the record itself")
leave(Merge, "kept", "dropped", reason="says which records were made one")
leave(Distinct, "one", "other", reason="says which records are not of one person")
