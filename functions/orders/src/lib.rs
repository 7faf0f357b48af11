//! The staff API of the catalogue, magic links and orders.

mod attach_image;
mod buyer;
mod change_image;
mod change_product;
mod create_image_upload;
mod create_order;
mod create_order_link;
mod create_product;
mod create_refund;
mod delete_image;
mod delete_product;
mod get_order;
mod get_product;
mod list_customer_orders;
mod list_order_links;
mod list_orders;
mod list_products;
mod move_order;
mod order_sheet;
mod order_view;
mod print_order;
mod print_packing_list;
mod product_fields;
mod product_view;
mod revoke_order_link;
mod rotate_order_link;
mod sale;
mod send_order_link;
mod stock;

use axum::http::Method;
use shared::AppWithImages;
use shared::http::{ALL_ROLES, EDITORS, Routes};

/// Every route of this function.
pub fn routes(state: AppWithImages) -> Routes<AppWithImages> {
    Routes::new(state.app)
        .staff(Method::GET, "/v1/products", ALL_ROLES, list_products::handle)
        .described(list_products::describe)
        .staff(Method::POST, "/v1/products", EDITORS, create_product::handle)
        .described(create_product::describe)
        .staff(Method::GET, "/v1/products/{id}", ALL_ROLES, get_product::handle)
        .described(get_product::describe)
        .staff(Method::PATCH, "/v1/products/{id}", EDITORS, change_product::handle)
        .described(change_product::describe)
        .staff(Method::DELETE, "/v1/products/{id}", EDITORS, delete_product::handle)
        .described(delete_product::describe)
        .staff(Method::POST, "/v1/products/{id}/image-uploads", EDITORS, create_image_upload::handle)
        .described(create_image_upload::describe)
        .staff(Method::PUT, "/v1/products/{id}/image", EDITORS, attach_image::handle)
        .described(attach_image::describe)
        .staff(Method::DELETE, "/v1/products/{id}/image", EDITORS, delete_image::handle)
        .described(delete_image::describe)
        .staff(Method::GET, "/v1/customers/{id}/order-links", EDITORS, list_order_links::handle)
        .described(list_order_links::describe)
        .staff(Method::POST, "/v1/customers/{id}/order-links", EDITORS, create_order_link::handle)
        .described(create_order_link::describe)
        .staff(Method::POST, "/v1/customers/{id}/order-links/{link}/send", EDITORS, send_order_link::handle)
        .described(send_order_link::describe)
        .staff(Method::POST, "/v1/customers/{id}/order-links/{link}/rotate", EDITORS, rotate_order_link::handle)
        .described(rotate_order_link::describe)
        .staff(Method::DELETE, "/v1/customers/{id}/order-links/{link}", EDITORS, revoke_order_link::handle)
        .described(revoke_order_link::describe)
        .staff(Method::GET, "/v1/orders", ALL_ROLES, list_orders::handle)
        .described(list_orders::describe)
        .staff(Method::POST, "/v1/orders", EDITORS, create_order::handle)
        .described(create_order::describe)
        .staff(Method::GET, "/v1/orders/{id}", ALL_ROLES, get_order::handle)
        .described(get_order::describe)
        .staff(Method::GET, "/v1/orders/{id}/print", EDITORS, print_order::handle)
        .described(print_order::describe)
        .staff(Method::GET, "/v1/orders/{id}/packing-list", EDITORS, print_packing_list::handle)
        .described(print_packing_list::describe)
        .staff(Method::PUT, "/v1/orders/{id}/state", EDITORS, move_order::handle)
        .described(move_order::describe)
        .staff(Method::POST, "/v1/orders/{id}/refunds", EDITORS, create_refund::handle)
        .described(create_refund::describe)
        .staff(Method::GET, "/v1/customers/{id}/orders", ALL_ROLES, list_customer_orders::handle)
        .described(list_customer_orders::describe)
}
