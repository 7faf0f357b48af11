//! Whose figures an order counts in.

use shared::App;
use shared::domain::{Customer, JobId, Order, ShopId, Work};
use shared::http::{Problem, ProblemKind};

/// Whose figures a change of `order` moves: its customer's, or of who stands for them since a merge,
/// whether or not the order has arrived there; nobody's where they were erased.
///
/// # Errors
/// [`ProblemKind::JobRunning`] while a merge is being undone.
pub async fn buyer(app: &App, shop: &ShopId, order: &Order) -> Result<Option<Customer>, Problem> {
    let (buyer, job) = buyer_and_job(app, shop, order).await?;
    // An order that is still to go back may stand with the wrong one of the two.
    if let Some(id) = job
        && let Some(Work::UndoMerge { .. }) = app.table.job(shop, id).await?.map(|job| job.work)
    {
        return Err(Problem::new(ProblemKind::JobRunning));
    }
    Ok(buyer)
}

/// As [`buyer`], for what needs all orders of the customer to be there.
///
/// # Errors
/// [`ProblemKind::JobRunning`] while any job is at work on the customer.
pub async fn buyer_at_rest(app: &App, shop: &ShopId, order: &Order) -> Result<Option<Customer>, Problem> {
    match buyer_and_job(app, shop, order).await? {
        (_, Some(_)) => Err(Problem::new(ProblemKind::JobRunning)),
        (buyer, None) => Ok(buyer),
    }
}

/// The job is read after the record: one that begins from here on changes its version.
async fn buyer_and_job(app: &App, shop: &ShopId, order: &Order) -> Result<(Option<Customer>, Option<JobId>), Problem> {
    let buyer = app.table.customer_or_survivor(shop, order.customer).await?;
    let job = match &buyer {
        Some(customer) => app.table.job_on(shop, customer.id).await?,
        None => None,
    };
    Ok((buyer, job))
}
