//! usage: vrp-oracle INSTANCE SECONDS [--distance]
//!
//! Plans a Solomon instance with vrp-core for so many seconds and prints vehicles and distance.
//! Fewer vehicles come first, unless `--distance` asks for the shortest way alone.

use std::{env, error::Error, fs::File, io::BufReader, sync::Arc, time::Instant};

use vrp_core::{
    construction::features::{
        CapacityFeatureBuilder, MinimizeUnassignedBuilder, TransportFeatureBuilder,
    },
    prelude::*,
};
use vrp_scientific::solomon::SolomonProblem as _;

type Fault = Box<dyn Error>;

fn main() -> Result<(), Fault> {
    let words: Vec<String> = env::args().skip(1).collect();
    let (instance, seconds, by_distance) = match words.as_slice() {
        [instance, seconds] => (instance, seconds.parse()?, false),
        [instance, seconds, flag] if flag == "--distance" => (instance, seconds.parse()?, true),
        _ => return Err("usage: vrp-oracle INSTANCE SECONDS [--distance]".into()),
    };
    let mut problem = BufReader::new(File::open(instance)?).read_solomon(false).map_err(spoken)?;
    if by_distance {
        problem.goal = Arc::new(shortest(Arc::clone(&problem.transport)).map_err(spoken)?);
    }
    let started = Instant::now();
    let (vehicles, distance) = plan(Arc::new(problem), seconds).map_err(spoken)?;
    println!(
        "{vehicles} vehicles, distance {distance:.2}, {:.2} s",
        started.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Everybody is served, in time and within capacity, by the shortest way; how many vehicles it takes does not matter.
fn shortest(transport: Arc<dyn TransportCost>) -> GenericResult<GoalContext> {
    let everybody = MinimizeUnassignedBuilder::new("everybody").build()?;
    let capacity = CapacityFeatureBuilder::<SingleDimLoad>::new("capacity").build()?;
    let distance = TransportFeatureBuilder::new("distance")
        .set_transport_cost(transport)
        .set_time_constrained(true)
        .build_minimize_distance()?;
    GoalContextBuilder::with_features(&[everybody, distance, capacity])?.build()
}

fn plan(problem: Arc<Problem>, seconds: usize) -> GenericResult<(usize, Float)> {
    let config = VrpConfigBuilder::new(Arc::clone(&problem))
        .prebuild()?
        .with_max_time(Some(seconds))
        .build()?;
    let solution = Solver::new(problem, config).solve()?;
    if solution.unassigned.is_empty() {
        Ok((solution.routes.len(), solution.cost))
    } else {
        Err("vrp-core left somebody out".into())
    }
}

fn spoken(error: GenericError) -> Fault {
    error.to_string().into()
}
