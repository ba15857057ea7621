use http_kit::Failure as _;
use primitives::AccountId;

use super::{
    pictures,
    world::{World, on_each_engine},
};
use crate::{Kind, PhotoError, store};

#[test]
fn what_nobody_attached_within_a_day_is_taken_down() {
    on_each_engine(async |world: &World| {
        let owner: AccountId = world.ambient.mint();
        let (kept, forgotten) = (world.upload(owner).await.id, world.upload(owner).await.id);
        world.attach(owner, &[kept], world.a_report()).unwrap();
        world.pass(23);
        assert_eq!((world.sweep().await, world.files().await), (0, 2));
        world.pass(2);
        assert_eq!((world.sweep().await, world.files().await, world.rows()), (1, 1, 1));
        assert_eq!(world.sweep().await, 0);
        let late = world.attach(owner, &[forgotten], world.a_report()).unwrap_err();
        assert_eq!(late.fields()[0].code, "photo_unknown");
    });
}

#[test]
fn a_discarded_photo_is_gone_before_its_file_is() {
    on_each_engine(async |world: &World| {
        let owner: AccountId = world.ambient.mint();
        let (photo, now) = (world.upload(owner).await, world.now());
        let id = photo.id;
        world.write(move |conn| Ok(store::discard(conn, id, now)?)).unwrap();
        // As after a crash between the row and the file.
        let photos = world.photos.clone();
        let found = world.write(move |conn| photos.find_owned_in(conn, owner, id));
        assert!(matches!(found, Err(PhotoError::NotFound)));
        assert!(world.attach(owner, &[id], world.a_report()).is_err());
        assert_eq!(world.files().await, 1);
        assert_eq!((world.sweep().await, world.files().await, world.rows()), (1, 0, 0));
    });
}

#[test]
fn an_attached_photo_is_never_discarded() {
    on_each_engine(async |world: &World| {
        let owner: AccountId = world.ambient.mint();
        let (id, now) = (world.upload(owner).await.id, world.now());
        world.attach(owner, &[id], world.a_report()).unwrap();
        world.write(move |conn| Ok(store::discard(conn, id, now)?)).unwrap();
        world.pass(48);
        assert_eq!((world.sweep().await, world.files().await, world.rows()), (0, 1, 1));
    });
}

#[test]
fn broken_off_uploads_leave_nothing() {
    on_each_engine(async |world: &World| {
        let owner: AccountId = world.ambient.mint();
        let (photos, database) = (&world.photos, &world.database);
        let refused = photos.receive(database, owner, Kind::Jpeg, b"no picture".to_vec()).await;
        assert!(matches!(refused, Err(PhotoError::Unreadable)));
        // The process ended between the file and the row that says so.
        let taken = photos.receive(database, owner, Kind::Png, pictures::png(8, 8)).await.unwrap();
        assert_eq!((world.files().await, world.rows(), world.sweep().await), (1, 2, 0));
        world.pass(2);
        assert_eq!((world.sweep().await, world.files().await, world.rows()), (2, 0, 0));
        // Somebody who comes back only now is told to begin again.
        let photos = photos.clone();
        let late = world.write(move |conn| photos.keep_in(conn, &taken));
        assert!(matches!(late, Err(PhotoError::Busy)));
    });
}

#[test]
fn a_day_has_so_many_uploads() {
    on_each_engine(async |world: &World| {
        let (owner, now): (AccountId, _) = (world.ambient.mint(), world.now());
        let most = crate::rules::MOST_PER_DAY;
        let spend = move |conn: &mut database::Connection| {
            (0..most).try_for_each(|_| store::spend(conn, owner, now).map(drop))
        };
        world.database.write_blocking(spend).unwrap();
        let (photos, database) = (&world.photos, &world.database);
        let raw = pictures::png(8, 8);
        let spent = photos.receive(database, owner, Kind::Png, raw).await.unwrap_err();
        assert_eq!(
            (spent.code().code, spent.retry_after_seconds()),
            ("photos_spent", Some(86_401))
        );
        world.upload(world.ambient.mint()).await;
        world.pass(24);
        world.upload(owner).await;
    });
}
