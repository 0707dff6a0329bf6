//! Articles and their walls: public, the same for everybody.

use shared::problem::Problem;

use crate::http::answer::{self, Keep};
use crate::http::visit::{Answer, Visit};
use crate::reading::{Cursor, articles, wall};

/// `GET /api/v1/articles?cursor=`
pub async fn list(visit: Visit) -> Answer {
    let site = visit.site().await?;
    let cursor = Cursor::parse(visit.query().get("cursor"))?;
    Ok(answer::json(200, &articles::list(site.db(), &cursor).await?, Keep::Revalidate)?)
}

/// `GET /api/v1/articles/{slug}`
pub async fn one(visit: Visit) -> Answer {
    let site = visit.site().await?;
    let article = articles::find(site.db(), &visit.param("slug"), site.now).await?;
    Ok(answer::json(200, &article.ok_or(Problem::NotFound)?, Keep::Revalidate)?)
}

/// `GET /api/v1/articles/{slug}/praises?cursor=`: the wall; never an amount.
pub async fn wall(visit: Visit) -> Answer {
    let site = visit.site().await?;
    let cursor = Cursor::parse(visit.query().get("cursor"))?;
    let wall = wall::read(site.db(), &visit.param("slug"), &cursor).await?;
    Ok(answer::json(200, &wall.ok_or(Problem::NotFound)?, Keep::Revalidate)?)
}
