# Pages et messages, en français.

## Problèmes

problem-malformed = Le corps de la requête ne peut pas être lu.
problem-invalid = Certains champs ne conviennent pas.
problem-empty-submission = Le formulaire est vide.
problem-unauthenticated = Il faut s’identifier.
problem-forbidden = Votre rôle ne permet pas cela.
problem-not-found = Cela n’existe pas.
problem-no-such-template = Cet e-mail n’existe pas. Types : { $kinds }. Langues : { $languages }.
problem-method-not-allowed = Cette adresse ne répond pas à cette méthode.
problem-duplicate-customer = Un autre client a déjà cette adresse e-mail.
problem-duplicate-group = Un autre groupe porte déjà ce nom.
problem-too-many-forms = La boutique a autant de formulaires qu’elle peut en avoir : supprimez-en un qui ne sert plus.
problem-no-consent-text = La boutique n’a pas encore de texte pour ce consentement : ajoutez-le à ses réglages (consent_texts).
problem-settings-exist = La boutique a déjà ses réglages : modifiez-les.
problem-merged = Ce client a été fusionné avec un autre.
problem-not-undoable = Cette fusion ne peut plus être annulée : trente jours sont passés, ou le client a changé depuis.
problem-job-running = Une fusion ou son annulation est en cours pour ce client. Réessayez dans quelques minutes.
problem-link-closed = Ce lien est expiré, révoqué ou épuisé : créez-en un autre.
problem-upload-over = Cet envoi a déjà servi, ou il a plus d’une heure : annoncez le fichier à nouveau, avec une autre clé.
problem-customer-blocked = Ce client est bloqué : ses liens n’ouvrent plus rien. Débloquez-le d’abord.
problem-undeliverable = L’adresse e-mail de ce client ne reçoit pas nos messages : corrigez-la, ou joignez-le autrement.
problem-not-resendable = Cet e-mail ne peut pas être renvoyé : il est commercial, il n’est pas encore parti, il contenait un code, ou ce qu’il annonçait n’est plus vrai.
problem-export-ended = Cet export est déjà terminé.
problem-too-many-rows = Un fichier de ce format ne peut pas avoir autant de lignes : choisissez CSV ou JSON Lines, ou moins de clients.
problem-order-state = La commande n’est pas dans un état qui permet cela.
problem-stale = La fiche a changé depuis que vous l’avez lue. Relisez-la, puis recommencez.
problem-too-large = La requête est trop volumineuse.
problem-unsupported-media-type = Ce type de contenu n’est pas accepté ici.
problem-idempotency-mismatch = Cette clé d’idempotence a déjà servi pour une autre requête.
problem-precondition-required = L’en-tête If-Match est nécessaire, avec l’ETag de la fiche lue.
problem-too-many-requests = Trop de requêtes. Réessayez dans un instant.
problem-enough-mails = Cette adresse a déjà reçu assez de nos e-mails aujourd’hui : réessayez demain, ou joignez le client autrement.
problem-internal = Une erreur est survenue de notre côté.
problem-unavailable = Le service est très demandé. Réessayez dans un instant.

## Champs

invalid-empty = Ce champ est obligatoire.
invalid-too-long = { $max } caractères au plus.
invalid-control-character = Ce champ contient un caractère de contrôle.
invalid-email = Ce n’est pas une adresse e-mail.
invalid-phone = Ce n’est pas un numéro de téléphone.
invalid-currency = Ce n’est pas un code de devise ISO 4217.
invalid-language = Ce n’est pas une étiquette de langue BCP 47.
invalid-country = Ce n’est pas un code de pays ISO 3166.
invalid-date = Ce n’est pas une date du calendrier.
invalid-instant = Ce n’est pas une date et une heure avec leur décalage, comme 2026-11-22T10:00:00+01:00.
invalid-instant-range = Cette date et cette heure sont trop anciennes ou trop lointaines.
invalid-time-zone = Ce n’est pas un fuseau horaire IANA.
invalid-postcode = Ce n’est pas un code postal du pays.
invalid-vat-number = Ce n’est pas un numéro de TVA du pays.
invalid-not-used-there = Cela n’existe pas dans ce pays.
invalid-out-of-range = Il faut une valeur entre { $min } et { $max }.
invalid-choice = Cette valeur n’est pas dans la liste.
invalid-confirmation = Ce n’est pas le nom tel qu’il est enregistré : retapez-le pour confirmer.
invalid-version = Cette version désigne d’autres mots : donnez-en une nouvelle.
invalid-id = Ce n’est pas un identifiant.
invalid-web-address = Ce n’est pas une adresse web.
invalid-too-many = { $max } valeurs au plus.
invalid-unknown-field = Ce champ n’est pas connu.
invalid-unknown-field-of = Ce champ n’est pas connu. Il y a : { $known }.
invalid-unknown-field-of-none = Il n’y a aucun champ ici.
invalid-wrong-type = Ce n’est pas le type attendu.
invalid-upload = Ce produit n’a pas un tel envoi, celui-ci a plus d’une heure, ou son fichier n’est pas arrivé : demandez-en un autre.
invalid-image = Le fichier n’est pas l’image annoncée, ou l’un de ses côtés ne mesure pas de 1 à 10 000 pixels.
invalid-file = Les fichiers ne peuvent pas être envoyés ici.
invalid-colour = Ce n’est pas une couleur écrite #rrggbb.
invalid-variable = Cet e-mail n’a pas de valeur « { $found } » : reprenez l’un des noms de la liste (variables).
invalid-column = Cette colonne n’existe pas. Il y a : { $found }.
invalid-expression = Un texte ne peut pas contenir « { $found } » : seulement des noms, comme shop_name entre doubles accolades, et des conditions.
invalid-block = Les accolades ou les conditions de ce texte ne vont pas ensemble.

## Formulaire

thanks-title = Merci !
thanks-text = Votre message est bien arrivé. Vous pouvez fermer cette page.
thanks-mailed = Vous avez demandé nos offres ? Un e-mail vous attend peut-être : un clic y confirme votre accord. Rien reçu ? Regardez parmi les indésirables.
form-problem-title = Votre message n’a pas été envoyé
form-problem-text = Revenez à la page précédente, corrigez ce qui suit, puis envoyez-le de nouveau.
form-problem-wait = Beaucoup de messages viennent d’arriver de votre réseau. Revenez à la page précédente : ce que vous avez écrit y est encore. Envoyez-le de nouveau dans { $seconds } s.
form-field-email = Adresse e-mail
form-field-name = Nom
form-field-given-name = Prénom
form-field-family-name = Nom de famille
form-field-company = Entreprise
form-field-phone = Téléphone
form-field-birthday = Anniversaire
form-field-language = Langue
form-field-marketing-email = Offres par e-mail
form-not-found = Ce formulaire n’existe pas.
form-field-message = Message
form-leave-empty = Laissez ce champ vide
form-send = Envoyer

## Commande

order-title = Bonjour { $name }
order-your-price = Votre prix
order-base-price = Prix de base
order-note = Un mot pour la boutique (facultatif)
order-submit = Passer commande
order-empty-catalogue = La boutique ne propose rien pour l’instant.
order-error-title = À vérifier
order-error-empty = Indiquez la quantité d’au moins un produit.
order-error-quantity = un nombre entier, de 0 à { $max }.
order-error-portion = de { $min } à { $max }, par { $step }.
order-error-range = de { $min } à { $max }.
order-error-stock = plus que { $left } en stock.
order-sold-out = Épuisé
order-error-total = Cette commande est trop importante. Réduisez les quantités.
order-error-note = Votre message est trop long : { $max } caractères au plus.
order-error-changed = Les prix, les produits ou votre commande ont changé depuis l’ouverture de cette page. Voici où elle en est : vérifiez, puis passez commande.
order-error-lines = Une commande compte au plus { $lines } produits, dont { $counted } en stock limité.
order-error-again = La boutique ne propose plus rien de votre dernière commande.
order-why-agreed = tarif convenu
order-why-discount = votre remise de { $discount }
order-details = En savoir plus
order-items = { $items ->
    [0] aucun article
    [one] 1 article
   *[other] { $items } articles
}
order-review = Voir ma commande
order-update = Mettre à jour
order-last = Reprendre la commande du { $day }
order-search = Chercher un produit
order-search-button = Chercher
order-categories = Catégories
order-all-categories = Tout
order-nothing-found = Aucun produit trouvé.
order-first-page = Première page
order-next-page = Page suivante
order-back = Continuer mes achats
order-review-title = Votre commande
order-gone = Plus disponible : { $products }. Vous pouvez commander le reste.
order-price-was = Le prix a changé : c’était { $price }.
order-delivery = Livraison
order-no-delivery = La boutique n’a pas encore votre adresse. Indiquez-la dans votre message, ou convenez d’un retrait.
order-error-quantities = Vérifiez les quantités :
order-error-sold-out = épuisé. Mettez 0 pour commander le reste.
order-error-recounted = Voici le nouveau total de ce que vous avez changé : vérifiez, puis passez commande.
order-placed-already = Cette commande était déjà passée. Ce que vous avez changé ensuite n’en fait pas partie : passez-en une autre, ou prévenez la boutique.
order-cancelled-title = Commande annulée
order-refunded = Remboursé
order-net = Net
order-orders-left = { $left ->
    [one] Ce lien vaut pour une commande.
   *[other] Ce lien vaut encore pour { $left } commandes.
}
order-placed-title = Merci pour votre commande
order-placed-number = Commande { $number } du { $day }
order-placed-mail = Une confirmation vous est envoyée par e‑mail.
order-placed-note = Votre message
order-column-product = Produit
order-column-total = Total
order-again = Commander autre chose
link-closed-title = Ce lien n’est plus valable
link-closed-text = Il a peut-être expiré, ou déjà servi. Demandez-en un nouveau à la boutique.

## Commande à imprimer

sheet-order-title = Commande { $number }
sheet-packing-title = Bon de préparation { $number }
sheet-printed = Imprimé le { $day }
order-state-submitted = Reçue
order-state-confirmed = Confirmée
order-state-in-production = En préparation
order-state-shipped = Expédiée
order-state-delivered = Livrée
order-state-cancelled = Annulée
sheet-customer = Client
sheet-delivery-address = Adresse de livraison
sheet-billing-address = Adresse de facturation
sheet-phone = Téléphone
sheet-note = Message
sheet-packed = Prêt
sheet-quantity = Qté
sheet-product = Produit
sheet-unit-price = Prix
sheet-total = Total
sheet-refunded = Remboursé
sheet-net = Net après remboursement
sheet-cancelled = Commande annulée : ne pas préparer
sheet-pieces =
    { $number ->
        [one] article
       *[other] articles en tout
    }

## Préférences

preferences-title = Vos préférences
preferences-marketing = Offres et nouvelles par e‑mail
preferences-granted = Vous les recevez : vous avez donné votre accord le { $day }.
preferences-withdrawn = Vous ne les recevez plus depuis le { $day }.
preferences-never = Vous ne les recevez pas.
preferences-unsubscribe = Ne plus recevoir d’offres
preferences-never-receive = Ne jamais recevoir d’offres
preferences-done = C’est fait : vous ne recevrez plus d’offres.
preferences-orders = Vous recevrez toujours les messages qui concernent vos commandes.
preferences-saved = C’est enregistré.
preferences-changed = Ces textes ont changé depuis l’ouverture de cette page. Les voici à jour : relisez-les, puis choisissez.
preferences-purchase-data = Vos achats, pour mieux vous conseiller
preferences-geolocation = Votre position, pour les offres près de vous
preferences-partner-sharing = Partage avec nos partenaires
preferences-agreed = Vous avez donné votre accord le { $day }.
preferences-taken-back = Vous avez retiré votre accord le { $day }.
preferences-not-agreed = Vous n’avez pas donné votre accord.
preferences-words = Ce que vous avez accepté :
preferences-words-version = Ce que vous avez accepté (version { $version }) :
preferences-words-before = Ce que vous aviez accepté le { $day } :
preferences-words-before-version = Ce que vous aviez accepté le { $day } (version { $version }) :
preferences-agreed-before = Vous aviez donné votre accord le { $day }.
preferences-agree = J’accepte
preferences-take-back = Retirer mon accord
preferences-address = Votre adresse e‑mail
preferences-address-confirmed = { $address } est confirmée.
preferences-address-unconfirmed = { $address } n’est pas encore confirmée.
preferences-address-confirm = Confirmer mon adresse
preferences-language = Langue de nos messages
preferences-language-change = Changer de langue
preferences-deletion = Supprimer mes données
unsubscription-only = Cette page vient d’un ancien message : elle permet seulement de ne plus recevoir d’offres. Pour tout le reste, passez par un message récent.
pace-title = Un instant, s’il vous plaît
pace-text = Beaucoup de demandes viennent d’arriver par ce lien. Revenez à la page précédente, puis réessayez dans { $seconds } s.

## Adresse à confirmer

address-title = Confirmez votre adresse
address-sent = Nous envoyons un code à { $address }. Il est valable dix minutes, et nous en envoyons trois par heure au plus.
address-code = Code à huit chiffres
address-submit = Confirmer
address-again = Envoyer un nouveau code
address-none = Aucun code n’est valable pour l’instant. Demandez-en un : nous en envoyons trois par heure au plus.
address-error-spent = Ce code n’est plus valable. Demandez-en un nouveau : nous en envoyons trois par heure au plus.
address-error-digits = Le code a huit chiffres. Vérifiez-le, puis recommencez.
address-error-wrong = Ce n’est pas le bon code. Essais restants : { $left }.
address-done-title = Adresse confirmée
address-done = Merci ! Votre adresse est confirmée.
address-back = Revenir à vos préférences

## Accord à confirmer

request-title = Votre accord
request-intro = Voici ce que vous acceptez en appuyant sur le bouton :
request-agree = J’accepte
request-otherwise = Sinon, fermez simplement cette page : rien ne change.
request-done-title = C’est fait, merci !
request-done = Votre accord est enregistré. Vous pouvez le retirer à tout moment, par un lien de nos e‑mails ou en nous écrivant.
request-mailed-title = Regardez vos e‑mails
request-mailed = Nous vous écrivons à l’adresse que nous avons de vous. Ouvrez cet e‑mail et confirmez : votre accord comptera alors. Rien reçu ? Regardez parmi les indésirables.
request-enough = Nous vous avons déjà écrit plusieurs fois aujourd’hui. Revenez demain : ce lien restera ouvert.

## Suppression

deletion-title = Supprimer vos données
deletion-goes = Nous effacerons ce que nous savons de vous : vos coordonnées, vos messages, vos préférences, nos notes.
deletion-stays = Vos commandes passées restent dans notre comptabilité, comme la loi le demande, mais sans votre nom ni votre adresse.
deletion-for-good = C’est définitif : nous ne pourrons pas revenir en arrière.
deletion-comment = Un mot pour la boutique (facultatif)
deletion-submit = Supprimer mes données
deletion-back = Garder mes données
deletion-busy-title = Un instant, s’il vous plaît
deletion-busy = Votre fiche est en cours de mise à jour, et rien n’a été supprimé. Réessayez dans quelques minutes.
deletion-done-title = Vos données sont supprimées
deletion-done = La boutique en est informée. Les dernières traces disparaissent dans les prochaines minutes ; vous pouvez fermer cette page.

## Pourquoi un e-mail automatique ne part pas

left-out-blocked = Le client est bloqué.
left-out-undeliverable = L’adresse est d’une forme à laquelle rien ne peut être envoyé.
left-out-unsubscribed = L’adresse s’est désinscrite.
left-out-bounced = Un e-mail à cette adresse est revenu définitivement.
left-out-complained = Un de nos e-mails a été signalé comme indésirable.
left-out-no-consent = Les e-mails commerciaux n’ont pas été acceptés.
left-out-automation-off = La boutique a désactivé cet envoi automatique.
left-out-marketing-paused = Les e-mails commerciaux de la boutique sont en pause.
left-out-customer-gone = Le client n’existe plus.
left-out-subject-gone = Ce dont il parle n’est plus d’actualité.
left-out-missed = Le jour de cet envoi est passé.
left-out-already-written = Cet e-mail a déjà été écrit, à ce client ou à cette adresse.
left-out-no-occasion = Rien n’est prévu : pas d’occasion, ou elle est déjà passée.

## Fiches à imprimer

cards-title = Fiches clients
cards-made = Établies le { $moment }
cards-page = page { $number } de { $pages }
cards-none = Aucun client.
cards-email = E-mail
cards-phone = Téléphone
cards-delivery = Livraison
cards-billing = Facturation
cards-birthday = Anniversaire
cards-status = Statut
cards-status-current = Client
cards-status-potential = Prospect
cards-segment = Segment
cards-segment-inactive = Inactif
cards-segment-vip = VIP
cards-segment-regular = Régulier
cards-segment-new = Nouveau
cards-segment-occasional = Occasionnel
cards-orders = Commandes
cards-last-order = Dernière commande
cards-tags = Étiquettes
cards-marketing = Offres par e-mail
cards-yes = oui
cards-no = non

## Données d’une personne

data-title = Vos données
data-made = Tout ce que nous conservons à votre sujet, le
data-withheld = Notes de santé, remises seulement par qui peut les lire :
data-continued = La suite est dans la page suivante :
data-yes = oui
data-no = non
data-section-order = Commandes
data-section-order-draft = Commandes en préparation
data-section-message = E-mails envoyés
data-section-consent = Accords
data-section-interaction = Échanges et visites
data-section-submission = Formulaires envoyés
data-section-note = Notes
data-section-order-links = Liens de commande
data-section-suppressions = Adresse écartée des envois
data-id = Identifiant
data-version = Version
data-name = Nom
data-given-name = Prénom
data-family-name = Nom de famille
data-company = Société
data-contact-person = Interlocuteur
data-vat-number = Numéro de TVA
data-email = E-mail
data-email-status = Adresse vérifiée
data-phone = Téléphone
data-phone-e164 = Téléphone (international)
data-country = Pays
data-delivery-address = Adresse de livraison
data-billing-address = Adresse de facturation
data-street = Rue
data-extra = Complément
data-postcode = Code postal
data-city = Ville
data-region = Région
data-lines = Lignes
data-preferred-channels = Joindre par
data-language = Langue
data-currency = Monnaie
data-discount-bp = Remise
data-birthday = Anniversaire
data-status = Statut
data-temperature = Intérêt
data-temperature-stale = Intérêt noté il y a longtemps
data-tags = Étiquettes
data-tag = Étiquette
data-label = Libellé
data-reason = Raison
data-expires-on = Jusqu’au
data-expires-at = Expire le
data-at = Le
data-blocked = Blocage
data-source = Origine
data-first-contact = Premier contact
data-last-contact-at = Dernier contact
data-consents = Accords
data-state = État
data-figures = En chiffres
data-orders = Commandes
data-totals = Total des commandes
data-counts = Nombre par monnaie
data-average-baskets = Panier moyen
data-tenths-of-days-between-orders = Entre deux commandes (dixièmes de jour)
data-first-order-on = Première commande
data-last-order-on = Dernière commande
data-last-visit-on = Dernière visite
data-channels = Canaux
data-segments = Segments
data-primary-segment = Segment principal
data-segment = Segment
data-last-note = Dernière note
data-provenance = Origine de chaque champ
data-created-at = Créé le
data-updated-at = Modifié le
data-text = Texte
data-priority = Priorité
data-health = Santé
data-purpose = Pour
data-method = Manière
data-page = Page
data-source-ip = Adresse réseau
data-kind = Type
data-form = Formulaire
data-fields = Réponses
data-channel = Canal
data-payment-method = Paiement
data-moves = Étapes
data-total = Total
data-refunds = Remboursements
data-amount = Montant
data-note = Message
data-placed-at = Passée le
data-day = Jour
data-product = Produit
data-quantity = Quantité
data-unit = Unité
data-unit-price = Prix
data-base-price = Prix de base
data-discount = Remise
data-occurrence = Sujet
data-not-before = Pas avant
data-not-after = Pas après
data-subject = Objet
data-attempts = Essais
data-reports = Nouvelles reçues
data-cause = Cause
data-changed-at = Modifiée le
data-link = Lien
data-order = Commande
data-rule = Règle
data-value = Valeur
data-threshold = Seuil
data-entered-on = Depuis le
data-within-months = Sur (mois)
data-marketing-email = Offres par e-mail
data-purchase-data = Achats
data-geolocation = Position
data-partner-sharing = Partage avec des partenaires
data-order-link = Lien de commande
data-sent-to = Adresse (empreinte)
data-delivered = Remis le
data-sent = Parti le
data-is-current = client
data-is-potential = prospect
data-is-confirmed = confirmé
data-is-unconfirmed = non vérifiée
data-is-hot = très intéressé
data-is-warm = intéressé
data-is-cold = peu intéressé
data-is-not-interested = pas intéressé
data-is-granted = donné
data-is-withdrawn = retiré
data-is-marketing-email = offres par e-mail
data-is-purchase-data = achats
data-is-geolocation = position
data-is-partner-sharing = partage avec des partenaires
data-is-email = e-mail
data-is-phone = téléphone
data-is-sms = SMS
data-is-post = courrier
data-is-inactive = inactif
data-is-vip = VIP
data-is-regular = régulier
data-is-new = nouveau
data-is-occasional = occasionnel
data-is-unsubscribed = désinscription
data-is-bounced = adresse sans issue
data-is-complained = signalement
data-is-high = haute
data-is-medium = moyenne
data-is-none = aucune
data-is-submitted = reçue
data-is-in-production = en préparation
data-is-shipped = expédiée
data-is-delivered = livrée
data-is-cancelled = annulée
data-is-sent = envoyé
data-is-pending = en attente
