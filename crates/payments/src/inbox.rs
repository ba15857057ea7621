//! Notifications of gateways: checked, kept byte for byte, and taken as a hint to look at the truth. They move nothing.

use data_encoding::HEXLOWER;
use database::{Connection, DatabaseError};
use diesel::{Connection as _, prelude::*};
use http_kit::{ErrorCode, Failure, NOT_FOUND};
use primitives::{Ambient, TopUpId, WithdrawalId};
use sha2::{Digest as _, Sha256};

use crate::{
    Charges, GatewayName, Gateways, Notice, Subject, WithdrawalError, Withdrawals,
    schema::gateway_notification,
};

/// Why a notification was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotificationError {
    /// The gateway is not configured here.
    #[error("no such gateway here")]
    NotFound,
    /// It does not prove where it comes from, or is no text.
    #[error("the notification does not come from the gateway")]
    Unverified,
}

pub(crate) const NOTIFICATION_UNVERIFIED: ErrorCode =
    ErrorCode { code: "notification_unverified", status: 401 };

impl Failure for NotificationError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound => NOT_FOUND,
            Self::Unverified => NOTIFICATION_UNVERIFIED,
        }
    }
}

/// An authentic notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    gateway: GatewayName,
    subject: Subject,
    body: String,
}

/// Where gateways leave their notifications.
#[derive(Clone)]
pub struct Inbox {
    ambient: Ambient,
    withdrawals: Withdrawals,
    charges: Charges,
    gateways: Gateways,
}

impl Inbox {
    /// An inbox for the notifications of these gateways about these withdrawals and charges.
    pub const fn new(
        ambient: Ambient,
        withdrawals: Withdrawals,
        charges: Charges,
        gateways: Gateways,
    ) -> Self {
        Self { ambient, withdrawals, charges, gateways }
    }

    /// Checks that the gateway sent it; reads the database for nobody else.
    pub fn verify(
        &self,
        gateway: GatewayName,
        notice: &Notice<'_>,
    ) -> Result<Notification, NotificationError> {
        let known = self.gateways.iter().find(|it| it.name() == gateway);
        let known = known.ok_or(NotificationError::NotFound)?;
        let subject = known.verify_notification(notice);
        let subject = subject.map_err(|_forged| NotificationError::Unverified)?;
        // PostgreSQL keeps no zero bytes in texts; nor has JSON any.
        let body = str::from_utf8(notice.body).ok().filter(|body| !body.contains('\0'));
        let body = body.ok_or(NotificationError::Unverified)?.to_owned();
        Ok(Notification { gateway, subject, body })
    }

    /// Keeps the notification, once, and makes what it is about due at once.
    pub fn receive_in(
        &self,
        conn: &mut Connection,
        notification: &Notification,
    ) -> Result<(), WithdrawalError> {
        let business = self.business_of(conn, notification)?;
        self.keep(conn, notification, business)?;
        match business {
            Some(Business::Withdrawal(id)) => self.withdrawals.hurry_in(conn, id)?,
            Some(Business::Charge(id)) => self.charges.hurry_in(conn, id)?,
            None => false,
        };
        Ok(())
    }

    fn business_of(
        &self,
        conn: &mut Connection,
        notification: &Notification,
    ) -> Result<Option<Business>, WithdrawalError> {
        let (gateway, withdrawals) = (notification.gateway, &self.withdrawals);
        let withdrawal = match &notification.subject {
            Subject::Something => None,
            Subject::TopUp(id) => {
                return Ok(self.charges.named_in(conn, gateway, *id)?.map(Business::Charge));
            }
            Subject::Order(id) => withdrawals.named_in(conn, gateway, *id)?,
            Subject::Reference(reference) => {
                withdrawals.referred_to_in(conn, gateway, reference)?
            }
        };
        Ok(withdrawal.map(Business::Withdrawal))
    }

    fn keep(
        &self,
        conn: &mut Connection,
        notification: &Notification,
        business: Option<Business>,
    ) -> Result<(), DatabaseError> {
        let (gateway, body) = (notification.gateway.as_str(), notification.body.as_str());
        let digest = Sha256::new_with_prefix(gateway).chain_update([0]).chain_update(body);
        let (withdrawal, charge) = match business {
            Some(Business::Withdrawal(id)) => (Some(id.to_string()), None),
            Some(Business::Charge(id)) => (None, Some(id.to_string())),
            None => (None, None),
        };
        let row = (
            gateway_notification::id.eq(HEXLOWER.encode(&digest.finalize())),
            gateway_notification::gateway.eq(gateway),
            gateway_notification::body.eq(body),
            gateway_notification::withdrawal_id.eq(withdrawal),
            gateway_notification::charge_id.eq(charge),
            gateway_notification::received_at.eq(self.ambient.now().micros()),
        );
        let kept = conn.transaction::<_, DatabaseError, _>(|savepoint| {
            Ok(diesel::insert_into(gateway_notification::table).values(row).execute(savepoint)?)
        });
        match kept {
            Err(error) if error.violates("gateway_notification_id_key") => Ok(()),
            other => other.map(|_one| ()),
        }
    }
}

/// What a notification is about, as far as we know it.
#[derive(Debug, Clone, Copy)]
enum Business {
    Withdrawal(WithdrawalId),
    Charge(TopUpId),
}
