use http_kit::Failure as _;
use primitives::AccountId;

use super::world::{World, on_each_engine};
use crate::{PhotoError, attached_in, attached_to_each_in, find_attached_in, replace_in};

fn told(refused: Result<(), PhotoError>) -> Vec<(String, &'static str)> {
    let fields = refused.unwrap_err().fields();
    fields.into_iter().map(|field| (field.pointer, field.code)).collect()
}

fn refusal(pointer: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(pointer.to_owned(), code)]
}

#[test]
fn photos_are_attached_in_order_and_once() {
    on_each_engine(async |world: &World| {
        let owner: AccountId = world.ambient.mint();
        let (one, two) = (world.upload(owner).await.id, world.upload(owner).await.id);
        let (report, other) = (world.a_report(), world.a_report());
        world.attach(owner, &[two, one], report).unwrap();
        let read = move |conn: &mut database::Connection| {
            Ok((attached_in(conn, report)?, attached_to_each_in(conn, &[other, report])?))
        };
        assert_eq!(world.write(read).unwrap(), (vec![two, one], vec![vec![], vec![two, one]]));
        let again = world.attach(owner, &[one], other);
        assert_eq!(told(again), refusal("/photo_ids/0", "photo_attached"));
        let found = world.write(move |conn| {
            let (right, wrong) = (&[other, report], &[other]);
            Ok((find_attached_in(conn, one, right)?, find_attached_in(conn, one, wrong)?))
        });
        let (right, wrong) = found.unwrap();
        assert_eq!((right.unwrap().id, wrong), (one, None));
    });
}

#[test]
fn what_cannot_be_attached_is_pointed_at() {
    on_each_engine(async |world: &World| {
        let (owner, other): (AccountId, AccountId) = (world.ambient.mint(), world.ambient.mint());
        let (own, foreign) = (world.upload(owner).await.id, world.upload(other).await.id);
        let unknown = world.ambient.mint();
        let report = world.a_report();
        let refused = told(world.attach(owner, &[own, foreign, unknown], report));
        let expected = [
            ("/photo_ids/1".to_owned(), "photo_unknown"),
            ("/photo_ids/2".to_owned(), "photo_unknown"),
        ];
        assert_eq!(refused, expected);
        // Refused is undone: the good one is still free.
        let doubled = told(world.attach(owner, &[own, own], report));
        assert_eq!(doubled, refusal("/photo_ids/1", "photo_doubled"));
        let many = told(world.attach(owner, &[own; 6], report));
        assert_eq!(many, refusal("/photo_ids", "photos_too_many"));
        world.attach(owner, &[own], report).unwrap();
    });
}

#[test]
fn whatever_is_taken_off_is_free_and_forgotten_after_its_day() {
    on_each_engine(async |world: &World| {
        let owner: AccountId = world.ambient.mint();
        let (one, two) = (world.upload(owner).await.id, world.upload(owner).await.id);
        let report = world.a_report();
        world.attach(owner, &[one, two], report).unwrap();
        let replace = |ids: Vec<primitives::PhotoId>| {
            let now = world.now();
            world.write(move |conn| {
                replace_in(conn, &ids, owner, report, now)?;
                Ok(attached_in(conn, report)?)
            })
        };
        // Twice is once.
        assert_eq!(replace(vec![two]).unwrap(), [two]);
        assert_eq!(replace(vec![two]).unwrap(), [two]);
        assert_eq!(
            told(replace(vec![one, one]).map(drop)),
            refusal("/photo_ids/1", "photo_doubled")
        );
        assert_eq!(replace(vec![two, one]).unwrap(), [two, one]);
        assert_eq!(replace(vec![one]).unwrap(), [one]);
        world.pass(25);
        assert_eq!((world.sweep().await, world.files().await), (1, 1));
        let gone = told(replace(vec![one, two]).map(drop));
        assert_eq!(gone, refusal("/photo_ids/1", "photo_unknown"));
        assert_eq!(replace(Vec::new()).unwrap(), []);
    });
}

#[test]
fn of_two_commands_at_once_one_gets_the_photo() {
    on_each_engine(async |world: &World| {
        let owner: AccountId = world.ambient.mint();
        for _ in 0..8 {
            let photo = world.upload(owner).await.id;
            let subjects = [world.a_report(), world.a_report()];
            let outcomes = std::thread::scope(|scope| {
                let attach = |subject| scope.spawn(move || world.attach(owner, &[photo], subject));
                subjects.map(attach).map(|thread| thread.join().unwrap())
            });
            assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
            let lost = outcomes.into_iter().find(Result::is_err).unwrap();
            assert_eq!(told(lost), refusal("/photo_ids/0", "photo_attached"));
        }
    });
}
