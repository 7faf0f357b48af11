//! What staff and customers of the seeded shop write.

use shared::domain::Priority;

/// What staff note on a customer, and how much it matters.
pub(super) const NOTES: [(&str, Priority); 14] = [
    ("Rappeler lundi pour la commande de Noël", Priority::High),
    ("Facture en retard, appeler avant la prochaine livraison", Priority::High),
    ("Allergique aux noix : vérifier les coffrets", Priority::High),
    ("Préfère le miel de châtaignier", Priority::Medium),
    ("Veut un devis pour trente coffrets d’entreprise", Priority::Medium),
    ("Ne pas livrer le mercredi", Priority::Medium),
    ("Prend toujours deux pots de lavande", Priority::None),
    ("Rencontré au marché de Valence", Priority::None),
    ("Amie de la famille, adore le nougat", Priority::None),
    ("Demande si la cire est sans parfum", Priority::None),
    ("Passe au magasin le samedi matin", Priority::None),
    ("Prefers English, will ring back in spring", Priority::None),
    ("Asked about wholesale prices", Priority::Medium),
    ("Collects the order in person", Priority::None),
];

/// What visitors write into the form.
pub(super) const MESSAGES: [&str; 8] = [
    "Bonjour, livrez-vous en Ardèche ?",
    "Votre miel de lavande est-il de cette année ?",
    "Je cherche un cadeau pour ma grand-mère.",
    "Bonjour, vendez-vous aussi en gros ?",
    "Merci pour l’accueil au marché !",
    "Quand revient le miel de sapin ?",
    "Hello, do you ship abroad?",
    "Do you have honey without heating?",
];

/// What customers add to an order.
pub(super) const ORDER_NOTES: [&str; 5] = [
    "Merci de sonner deux fois.",
    "C’est pour offrir, sans facture s’il vous plaît.",
    "Je passe le prendre samedi.",
    "Livraison au bureau, merci.",
    "Please wrap it as a gift.",
];

/// What companies are called; `{}` is the family name of whoever writes for them.
pub(super) const COMPANIES: [&str; 10] = [
    "Épicerie {}",
    "Boulangerie {}",
    "Pâtisserie {}",
    "Hôtel {}",
    "Restaurant Chez {}",
    "Fromagerie {}",
    "Salon de thé {}",
    "Traiteur {}",
    "{} & Associés",
    "Cave {}",
];
