//! Where the seeded customers live, and which groups and tags staff have given them.

use jiff::Timestamp;
use shared::domain::{Country, Group, GroupId, PostalAddress, Postcode};

use super::WELL_FORMED;
use super::chance::Chance;

/// Towns by country: name, postcode, region.
const TOWNS: [(&str, &str, &str, &str); 18] = [
    ("FR", "Valence", "26000", "Auvergne-Rhône-Alpes"),
    ("FR", "Lyon", "69003", "Auvergne-Rhône-Alpes"),
    ("FR", "Grenoble", "38000", "Auvergne-Rhône-Alpes"),
    ("FR", "Marseille", "13006", "Provence-Alpes-Côte d’Azur"),
    ("FR", "Nantes", "44000", "Pays de la Loire"),
    ("FR", "Rennes", "35000", "Bretagne"),
    ("FR", "Quimper", "29000", "Bretagne"),
    ("FR", "Paris", "75011", "Île-de-France"),
    ("FR", "Toulouse", "31000", "Occitanie"),
    ("BE", "Liège", "4000", "Wallonie"),
    ("CH", "Genève", "1204", "Genève"),
    ("DE", "Freiburg", "79098", "Baden-Württemberg"),
    ("GB", "Bath", "BA1 1LN", "Somerset"),
    ("IT", "Torino", "10121", "Piemonte"),
    ("ES", "Girona", "17001", "Cataluña"),
    ("PL", "Kraków", "31-001", "Małopolskie"),
    ("US", "Portland", "97205", "Oregon"),
    ("US", "Burlington", "05401", "Vermont"),
];

const STREETS: [&str; 6] =
    ["rue des Tilleuls", "avenue de la Gare", "place du Marché", "chemin des Vignes", "rue Haute", "quai Nord"];

/// What the shop's groups are called, and what their prices differ by.
const GROUPS: [(&str, i64); 3] = [("Revendeurs", -2000), ("Associations", -1000), ("Restaurants", -1500)];

/// What staff tag customers with, the shop's own among them.
pub(super) const TAGS: [&str; 8] =
    ["local", "friends_family", "business", "vip", "regular", "no_show", "Marché de Noël", "Allergique"];

/// An address in one of the towns of `country`.
pub(super) fn address(chance: &mut Chance, country: Country) -> Option<PostalAddress> {
    let code = country.to_string();
    let towns: Vec<_> = TOWNS.iter().filter(|town| town.0 == code).copied().collect();
    if towns.is_empty() {
        return None;
    }
    let (_, city, postcode, region) = chance.one_of(&towns);
    let street = format!("{} {}", 1 + chance.below(120), chance.one_of(&STREETS));
    Some(PostalAddress {
        street: street.parse().ok(),
        extra: None,
        postcode: Postcode::parse(country, postcode).ok(),
        city: city.parse().ok(),
        region: region.parse().ok(),
        country,
    })
}

/// The groups of the shop, made at `opening`.
pub(super) fn groups(opening: Timestamp) -> Vec<Group> {
    let mut chance = Chance::of(usize::MAX - 2);
    let group = |(name, rate): (&str, i64)| Group {
        id: GroupId::new(chance.ulid(opening)),
        version: 1,
        name: name.parse().expect(WELL_FORMED),
        rate_bp: rate.try_into().expect(WELL_FORMED),
        created_at: opening,
        updated_at: opening,
    };
    GROUPS.map(group).into()
}
