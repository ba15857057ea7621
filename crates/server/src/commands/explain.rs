//! Says why a collector is asked for a report, or is not.

use std::process::ExitCode;

use matching::{Explanation, ExplanationView, MatchingError, Reasons, Verdict};
use primitives::{CollectorId, Language, ReportId};

use super::say;
use crate::{
    cli::Explain,
    house::{House, HouseError},
};

pub(super) fn run(house: &House, question: &Explain) -> Result<ExitCode, HouseError> {
    let report = ReportId::parse(&question.report)?;
    let collector = question.collector.as_deref().map(CollectorId::parse).transpose()?;
    let matcher = house.matcher.clone();
    let explanation =
        house.database.read_blocking(move |conn| -> Result<Explanation, MatchingError> {
            matcher.rebuild_in(conn)?;
            matcher.explain_in(conn, report, collector, None)
        })?;
    if question.json {
        let texts = House::texts()?;
        let view = ExplanationView::new(explanation, &texts, Language::English);
        say(&serde_json::to_string(&view)?);
    } else {
        lines_of(&explanation).iter().for_each(|line| say(line));
    }
    Ok(ExitCode::SUCCESS)
}

fn lines_of(explanation: &Explanation) -> Vec<String> {
    let Explanation { report, state, snapshot, weights, .. } = explanation;
    let mut lines = vec![
        format!("{report} is {}", state.as_str()),
        format!(
            "asked the index {snapshot} by the weights {weights}; live positions are not known here"
        ),
    ];
    if let Some(assignment) = &explanation.assignment {
        let ranking =
            assignment.ranking.as_ref().map_or("no ranking".to_owned(), ToString::to_string);
        let (collector, at) = (assignment.collector, assignment.at);
        lines.push(format!("{collector} got it at {at} by {ranking}"));
    }
    match &explanation.answer {
        Reasons::About(collector, verdict) => match verdict {
            Verdict::Refused(reason) => {
                lines.push(format!("{collector} may not: {}", reason.as_str()))
            }
            Verdict::Ranked(candidate) => lines.extend(candidate_lines(candidate)),
        },
        Reasons::Overview { candidates, eligible, refused } => {
            lines.push(format!("{eligible} may take it"));
            lines.extend(candidates.iter().flat_map(candidate_lines));
            let refusals = refused.iter();
            lines.extend(
                refusals.map(|(reason, count)| format!("{count} may not: {}", reason.as_str())),
            );
        }
    }
    lines
}

fn candidate_lines(candidate: &matching::Candidate) -> Vec<String> {
    let (rank, who) = (candidate.rank, candidate.appraisal.collector);
    let mut lines =
        vec![format!("{rank}. {who} scores {}", candidate.appraisal.score.as_fraction())];
    lines.extend(candidate.parts.iter().map(|part| {
        let (value, contribution) = (part.value.as_fraction(), part.contribution.as_fraction());
        format!("     {}: {value} x {} % = {contribution}", part.name.as_str(), part.percent)
    }));
    lines
}
