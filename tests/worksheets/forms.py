"""All worksheets."""

from .adult_forms import ADULT_FORMS
from .dynamic_forms import DYNAMIC_FORMS
from .guide_forms import GUIDE_FORMS
from .static_forms import STATIC_FORMS
from .violence_forms import VIOLENCE_FORMS
from .youth_forms import YOUTH_FORMS

FORMS = [*STATIC_FORMS, *VIOLENCE_FORMS, *ADULT_FORMS, *DYNAMIC_FORMS, *YOUTH_FORMS, *GUIDE_FORMS]
