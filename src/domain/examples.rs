//! References as a group writes its own, for the examples that texts give.

use super::{ActionItemRef, ActionPattern, ContributionRef, MeetingRef, Plenary, ReferenceScheme};

/// One reference of each kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examples {
    /// `A-WG4-TP8-001`
    pub action: ActionItemRef,
    /// `SEC-2014-0243`
    pub contribution: ContributionRef,
    /// `SEC#11`, as people write it.
    pub meeting: String,
}

impl Examples {
    /// Those of a group.
    #[must_use]
    pub fn of(scheme: &ReferenceScheme) -> Self {
        let label = scheme.meeting_label();
        let action = match &scheme.patterns.action {
            ActionPattern::OfPlenary => {
                let plenary = Plenary { series: scheme.plenary.clone(), number: 8 };
                ActionItemRef::Numbered { group: scheme.group.clone(), plenary, number: 1 }
            }
            ActionPattern::OfMeeting { mark, digits } => {
                let style = scheme.patterns.meeting;
                let meeting = MeetingRef { prefix: label.to_owned(), major: 10, minor: 0, style };
                ActionItemRef::OfMeeting { meeting, mark: mark.clone(), number: 1, digits: *digits }
            }
        };
        let numbering = scheme.patterns.contribution.form();
        let contribution = ContributionRef { prefix: scheme.prefix.clone(), year: 2014, number: 243, numbering };
        Self { action, contribution, meeting: format!("{label}#11") }
    }
}
